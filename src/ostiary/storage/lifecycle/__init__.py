"""What is kept of the life of requests that are enabled."""
