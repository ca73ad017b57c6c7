"""How long a file of clients takes, from its bytes until every row is carried out, and how much memory that needs.

    python -m bench.measure_imports [--rows 10000] [--folder FOLDER] [--postgresql | --url postgresql://...]

`--postgresql` starts a server of its own, with durable settings.

One process does what the worker does; nothing else runs. The peak is the process's, above what it had before.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from bench.postgres import cluster
from bench.seed import make_company
from ostiary.app import Installation, opened
from ostiary.settings import read_settings
from ostiary.usecases.companies.companies import operator_for
from ostiary.usecases.imports.carry_out import work_at
from ostiary.usecases.imports.imports import read_import, start_import
from ostiary.usecases.imports.receive import create_import, read_import_file
from ostiary.usecases.transaction import execute

HEAD = (
    "row_key,first_name,last_name,email,birth_date,address.street_line1,address.city,address.country,"
    "phone_country_code,phone_number\n"
)


def file_of(rows: int) -> bytes:
    """Clients who do not exist, each with a phone."""
    lines = (
        f"{row},Maria Julia,Barber,client{row}@gmail.com,1984-11-21,Florida 9860,Del Viso,ARG,54,1168860622\n"
        for row in range(rows)
    )
    return (HEAD + "".join(lines)).encode()


def peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


async def measured(parts: Installation, rows: int) -> dict[str, float]:
    company, _ = await make_company(parts)
    caller = await operator_for(parts.context, company.id, "bench")
    content, before_mb = file_of(rows), peak_mb()
    began, busy = time.perf_counter(), time.process_time()
    file = read_import_file(content, parts.context.catalogues.attributes)
    bulk = await execute(parts.context, caller, lambda: create_import(parts.context, caller, file))
    kept = time.perf_counter()
    await work_at(parts.context, caller.company, bulk.id)
    checked = time.perf_counter()
    await execute(parts.context, caller, lambda: start_import(parts.context, caller, bulk.id))
    await work_at(parts.context, caller.company, bulk.id)
    ended = time.perf_counter()
    counts = (await read_import(parts.context, caller, bulk.id)).counts
    return {
        "rows": rows,
        "kept_s": round(kept - began, 2),
        "checked_s": round(checked - kept, 2),
        "carried_out_s": round(ended - checked, 2),
        "all_s": round(ended - began, 2),
        "processor_s": round(time.process_time() - busy, 2),
        "peak_above_mb": round(peak_mb() - before_mb, 1),
        **{f"rows_{state}": count for state, count in counts.items() if count},
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--folder", type=Path, default=None)
    parser.add_argument("--url", default="")
    parser.add_argument("--postgresql", action="store_true")
    options = parser.parse_args()
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(dir=options.folder))
        url = options.url
        if options.postgresql:
            server = stack.enter_context(cluster())
            url = server.url(server.create())
        values = {"OSTIARY_DATA_DIR": folder, "OSTIARY_DATABASE_URL": url}
        with opened(read_settings({name: value for name, value in values.items() if value}), may_make=True) as parts:
            print(json.dumps(parts.run(measured(parts, options.rows))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
