"""Storage on every engine it has: what is written is there, wholly or not at all."""
