"""Alembic's environment and versions; run in a child process, so that its memory does not stay."""
