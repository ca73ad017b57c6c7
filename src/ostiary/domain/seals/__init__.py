"""Seals on paper: what they say, and who signed it."""
