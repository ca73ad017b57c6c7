"""Providers: who reviews submissions, other than the built-in one."""
