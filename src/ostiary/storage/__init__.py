"""Remembers, in plain SQL. Units of work come in as values, domain values come out of reads."""
