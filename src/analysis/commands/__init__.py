"""What the command `claims` does, a module a noun; each is imported when it is asked for."""
