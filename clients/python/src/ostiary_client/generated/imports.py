"""Imports of many clients from one file.

Generated from the service's own types by `make clients`: do not edit.
"""

from __future__ import annotations

from ostiary_client.extras import Value


class ImportRows(Value, kw_only=True, frozen=True, omit_defaults=True):
    """How many rows of a file stand how."""

    total: int
    waiting: int
    """To be checked."""
    good: int
    """Will be carried out, once the import is started."""
    faulty: int
    """Stay undone; the file of faults says why."""
    done: int
    repeated: int
    """Were carried out before, under the same key."""


class Import(Value, kw_only=True, frozen=True, omit_defaults=True):
    """How far an import is."""

    id: str
    status: str
    """One of: `checking`, `checked`, `running`, `done`, `cancelled`."""
    rows: ImportRows
    created_at: str
    """UTC, whole seconds, no zone."""
    ended_at: str | None = None
    """UTC, whole seconds, no zone."""
