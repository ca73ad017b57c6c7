"""Ostiary, the doorkeeper: onboards clients and enables products for them."""

__version__ = "0.1.0"
