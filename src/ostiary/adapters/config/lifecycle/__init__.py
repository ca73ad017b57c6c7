"""Keys of the catalogue about the life of requests that are enabled."""
