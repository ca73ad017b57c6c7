"""The screens, each a function from a request to an answer."""
