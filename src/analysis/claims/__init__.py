"""The claims files: what a claim is, how the files are read and checked."""
