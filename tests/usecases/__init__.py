"""Use cases over a real database in a temporary folder."""
