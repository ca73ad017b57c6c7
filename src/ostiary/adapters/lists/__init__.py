"""Sanctions and PEP lists: kept here as files, or asked of a service."""
