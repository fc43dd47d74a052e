"""Statistics on arrays and plain numbers: no table, no claim, no file."""
