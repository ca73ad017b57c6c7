"""An object store behind `s3://`, `gs://` or `az://`, through obstore. What is put there is sealed already.

Credentials and endpoint come from the environment, under the names that each cloud's own tools use.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError, NotFoundError, PreconditionError
from obstore.store import from_url

from ostiary.domain.errors import PictureGone, Unavailable
from ostiary.domain.sentences import N_, sentence

CONNECT_SHARE, WHOLE_S = 0.3, 10.0
"""A store in reach answers within milliseconds; a caller should hear of one that does not while it still waits. Of what
a whole call may take, connecting has so much."""
RETRIES, RETRIED_SHARE = 2, 0.8
"""Of what the store says may be tried again (5xx, a connection that broke), for so much of a call's time once more."""
LARGEST_BYTES = 64 << 20
"""Of one object: well above what is ever put there. Something larger is not ours, and is not read into memory."""
LISTED_TOGETHER = 1_000
STORED = N_("The picture cannot be stored right now; try again shortly.")
READ = N_("The picture cannot be read right now; try again shortly.")
LISTED = N_("The pictures cannot be listed right now; try again shortly.")
REMOVED = N_("The picture cannot be removed right now; try again shortly.")
RETRY_AFTER_S = 5


FAILED = (BaseError, OSError)
"""What obstore raises: its own, and the language's for what is not there or not permitted."""


GONE = (NotFoundError, FileNotFoundError)
"""For what is not there, obstore has an error of its own and raises the language's all the same."""


class ObjectStore:
    """A bucket, or a prefix in it. `timeout_s` is how long one call may take; its repeats are over soon after."""

    def __init__(self, url: str, timeout_s: float = WHOLE_S) -> None:
        self.shown = url
        insecure = os.environ.get("AWS_ALLOW_HTTP", "").lower() == "true"
        connecting, whole = timedelta(seconds=CONNECT_SHARE * timeout_s), timedelta(seconds=timeout_s)
        self._store: Any = from_url(
            url.rstrip("/"),
            client_options={"connect_timeout": connecting, "timeout": whole, "allow_http": insecure},
            retry_config={"max_retries": RETRIES, "retry_timeout": RETRIED_SHARE * whole},
        )

    async def keep(self, name: str, content: bytes | bytearray) -> None:
        """A put that was retried may meet what its own first try left: equal bytes are ours, since sealing never gives
        the same twice."""
        try:
            await obstore.put_async(self._store, name, content, mode="create", use_multipart=False)
        except (AlreadyExistsError, PreconditionError) as problem:
            if await self.fetch(name) != content:
                raise _unavailable(STORED, problem) from problem
        except FAILED as problem:
            raise _unavailable(STORED, problem) from problem

    async def fetch(self, name: str) -> bytes:
        try:
            answer = await obstore.get_async(self._store, name)
            if answer.meta["size"] > LARGEST_BYTES:
                raise Unavailable(sentence("The picture %(name)s is larger than any of ours.", name=name))
            pieces = [bytes(piece) async for piece in answer.stream()]
        except GONE as problem:
            raise PictureGone(sentence("The picture %(name)s is not there.", name=name)) from problem
        except FAILED as problem:
            raise _unavailable(READ, problem) from problem
        return b"".join(pieces)

    async def names(self, prefix: str) -> AsyncIterator[str]:
        try:
            async for page in obstore.list(self._store, prefix=prefix, chunk_size=LISTED_TOGETHER):
                for entry in page:
                    yield entry["path"]
        except FAILED as problem:
            raise _unavailable(LISTED, problem) from problem

    async def remove(self, name: str) -> None:
        try:
            await obstore.delete_async(self._store, name)
        except GONE:
            return
        except FAILED as problem:
            raise _unavailable(REMOVED, problem) from problem


def _unavailable(words: str, problem: Exception) -> Unavailable:
    """Without the store's own words, which may be long and name keys."""
    away = Unavailable(words, retry_after_s=RETRY_AFTER_S)
    away.__cause__ = problem
    return away
