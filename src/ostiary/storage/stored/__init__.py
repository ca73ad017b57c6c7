"""What is sealed in rows, as structs of its own: their names are what lies on disk, whatever the domain calls it."""
