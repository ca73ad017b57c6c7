"""Archives of what is taken out."""
