"""Databases of PostgreSQL that are migrated already: the schema is made once for each cluster, and copied."""

from __future__ import annotations

import pytest

from ostiary.storage import opening
from tests.servers.postgresql import Cluster

_templates: dict[int, str] = {}
"""By the port of their cluster."""


def migrated(cluster: Cluster) -> str:
    """A new database with today's schema and nothing in it; its name."""
    if cluster.port not in _templates:
        name = cluster.create()
        opening.migrate(opening.PostgresDatabase(cluster.url(name), ""))
        _templates[cluster.port] = name
    return cluster.create(_templates[cluster.port])


def one_of(engine: str, other: str) -> list[object]:
    """Parameters of a fixture for tests that kill processes in the middle of something: on one database in `make test`,
    on the other before a release. That each keeps a unit whole, or nothing of it, is held on both by
    `tests/storage/test_guards.py` and `test_races.py`."""
    return [engine, pytest.param(other, marks=pytest.mark.release)]
