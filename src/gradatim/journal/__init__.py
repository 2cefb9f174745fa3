"""A person's entries in a file that loses nothing, and sealed copies of it."""
