"""Read publishers' files into the rows of pinned tables, one module a format."""
