"""New editions of pinned tables: fetched, checked, compared and accepted."""
