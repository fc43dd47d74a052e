"""The audit as a static site: values in, pages out, no script needed to read them."""
