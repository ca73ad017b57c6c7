"""Sealed bills of Utopia: signed as French ones are, with keys that are thrown away."""
