"""What proves that a chip is there, and no copy of its files."""
