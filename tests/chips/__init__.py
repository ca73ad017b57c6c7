"""Countries of our own: keys of every form that states use, and chips that they sign, well and badly."""
