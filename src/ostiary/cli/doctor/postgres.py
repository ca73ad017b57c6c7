"""What `doctor` looks at on a PostgreSQL server: whether what it answers is durable, its version,
its clock beside ours, and its plans."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

from ostiary.adapters import clock
from ostiary.cli.doctor.machine import DoctorFinding, ok, problem, warning
from ostiary.storage.engine import BlockingConnection, Engine
from ostiary.storage.postgres.diagnostics import server_settings

OLDEST = 150_000
"""PostgreSQL 15, as `server_version_num` says it: the oldest that the tests run on."""
CLOCKS_APART_MS = 5_000
"""What NTP keeps is milliseconds apart; partners refuse a signature that is some minutes off. Well between the two."""


def durability(look: BlockingConnection) -> Iterator[DoctorFinding]:
    """What was answered must be there after a crash of the server."""
    version, switches = server_settings(look)
    if version < OLDEST:
        yield warning(
            "server", f"PostgreSQL {version // 10_000}", "Ostiary is tested on PostgreSQL 15 and later: upgrade."
        )
    off = [name for name, value in switches.items() if value == "off"]
    if off:
        yield problem(
            "durability",
            f"{' and '.join(off)} is off on the server: what was answered can be lost",
            "Switch it on in postgresql.conf (or for the role), and reload the server.",
        )
    else:
        yield ok("durability", f"PostgreSQL {version // 10_000}; what is committed is on the disk")


def clocks(server_ms: int) -> Iterator[DoctorFinding]:
    """Everything here goes by the server's clock, but what is signed for others bears this machine's time."""
    apart_s = (clock.now_ms() - server_ms) / 1000
    if abs(apart_s) * 1000 <= CLOCKS_APART_MS:
        yield ok("clocks", "this machine's and the database server's agree")
        return
    what = f"{abs(apart_s):.0f} s {'ahead of' if apart_s > 0 else 'behind'} the database server's"
    yield problem(
        "clocks",
        f"this machine's is {what}: what it signs, partners and providers may refuse as old or early",
        "Let NTP keep the clocks of all machines: `timedatectl` shows whether it does.",
    )


def plans(engine: Engine) -> Iterator[DoctorFinding]:
    """Requests must find rows by an index, also in tables that were small when a statement was first used."""

    async def asked() -> str:
        try:
            return str((await engine.rows("SHOW enable_seqscan"))[0][0])
        finally:
            await engine.release()

    if asyncio.run(asked()) == "off":
        yield ok("plans", "requests find rows by an index, also in small tables")
    else:
        yield warning(
            "plans",
            "the pooler passes no settings on: a plan made for a small table may be kept while it grows",
            "Add connect_query='SET enable_seqscan = off; SET jit = off' to the database's line in pgbouncer.ini, and"
            " RECONNECT; with another pooler, ALTER ROLE ... IN DATABASE ... SET enable_seqscan = off.",
        )
