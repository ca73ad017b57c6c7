"""Hostile and odd files, and what must be said of each."""
