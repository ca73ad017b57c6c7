"""What touches the world, each piece by itself."""
