"""What `doctor` tries on a store of pictures outside the data folder: write, read back, never over, remove."""

from __future__ import annotations

import asyncio
import secrets
from concurrent.futures import ThreadPoolExecutor

from ostiary.adapters.files.store import FileStore, store_of
from ostiary.cli.doctor.machine import DoctorFinding, ok, problem
from ostiary.domain.errors import Unavailable
from ostiary.settings import Settings

PROBE_BYTES = 4096
_ADVICE = (
    "Check the address, the bucket, the credentials in the environment (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, "
    "AWS_REGION, AWS_ENDPOINT_URL; for others their own) and their rights: put, get, list, delete."
)


def elsewhere(settings: Settings) -> DoctorFinding | None:
    """None when pictures lie in the data folder."""
    if not settings.files_url:
        return None
    with ThreadPoolExecutor(1) as pool:
        try:
            store = store_of(settings.files_url, settings.data_dir, pool, settings.store_timeout_s)
            fault = asyncio.run(_tried(store))
        except Unavailable as refused:
            why = f" ({type(refused.__cause__).__name__})" if refused.__cause__ else ""
            return problem("file store", f"{settings.files_url}: {refused.message}{why}", _ADVICE)
    if fault is not None:
        return problem("file store", f"{settings.files_url}: {fault}", "Use a store that honours If-None-Match on PUT.")
    return ok("file store", f"{settings.files_url} can be written and read, and keeps what is there")


async def _tried(store: FileStore) -> str | None:
    """What is wrong with a store that can be reached. Raises Unavailable."""
    name = f"doctor/probe/{secrets.token_hex(8)}"
    content = secrets.token_bytes(PROBE_BYTES)
    await store.keep(name, content)
    try:
        if await store.fetch(name) != content:
            return "what was written is not what is read"
        try:
            await store.keep(name, bytes(PROBE_BYTES))
        except Unavailable:
            return None
        return "it writes over what is there, so that a picture could be lost"
    finally:
        await store.remove(name)
