"""From a publisher's raw file to the rows of a pinned table: one small module a format. Pure."""
