"""Speaks HTTP: translates calls into use cases and answers back. Everything follows from one table of operations."""
