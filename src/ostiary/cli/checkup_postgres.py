"""What `doctor` looks at on a PostgreSQL server: whether what it answers is durable, and its version."""

from __future__ import annotations

from collections.abc import Iterator

from ostiary.cli.checkup import Finding, ok, problem, warning
from ostiary.storage.engine import Aside

OLDEST = 150_000
"""PostgreSQL 15, as `server_version_num` says it: the oldest that the tests run on."""
_SETTINGS = """SELECT current_setting('server_version_num')::int, current_setting('fsync'),
 current_setting('full_page_writes'), current_setting('synchronous_commit')"""


def durability(look: Aside) -> Iterator[Finding]:
    """What was answered must be there after a crash of the server."""
    version, *switches = look.rows(_SETTINGS)[0]
    if version < OLDEST:
        yield warning(
            "server", f"PostgreSQL {version // 10_000}", "Ostiary is tested on PostgreSQL 15 and later: upgrade."
        )
    off = [name for name, value in zip(("fsync", "full_page_writes", "synchronous_commit"), switches, strict=True)
           if value == "off"]  # fmt: skip
    if off:
        yield problem(
            "durability", f"{' and '.join(off)} is off on the server: what was answered can be lost",
            "Switch it on in postgresql.conf (or for the role), and reload the server.",
        )  # fmt: skip
    else:
        yield ok("durability", f"PostgreSQL {version // 10_000}; what is committed is on the disk")
