"""Names of people, whatever their script: what can be seen of them, and how far they can be compared."""
