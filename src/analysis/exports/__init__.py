"""What an audit came out with, in the forms that other tools read; one form a module."""
