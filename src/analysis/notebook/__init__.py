"""What a notebook imports: the public functions, display as HTML, `explore`."""
