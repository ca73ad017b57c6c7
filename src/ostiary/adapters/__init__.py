"""Touches the world: files, pictures, encryption, the catalogue file, other people's rules, outgoing calls."""
