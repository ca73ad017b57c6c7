"""Seals on paper, verified."""
