"""Chips of Utopia: signed as states sign theirs, with keys that are thrown away."""
