"""The pure core, one file per concept: sentences and tables."""
