"""Decides. Functions over frozen values: no I/O, no clock, no randomness; the standard library only."""
