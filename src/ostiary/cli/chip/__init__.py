"""Chips of documents at the command line: verifying one, and whom they are believed from."""
