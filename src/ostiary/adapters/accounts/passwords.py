"""Passwords as Argon2id hashes (RFC 9106), computed away from the event loop and a few at a time.

Each computation takes its memory for as long as it runs, so their number is what bounds the memory that sign-ins take.
"""

from __future__ import annotations

import asyncio
from base64 import b64encode
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TYPE_CHECKING
from unicodedata import normalize

from ostiary.domain.errors import TooManyRequests

if TYPE_CHECKING:
    from argon2 import PasswordHasher

MEMORY_KIB, PASSES, LANES = 19 * 1024, 2, 1
"""The first that OWASP's password storage cheat sheet gives for Argon2id. Hashes lie sealed, so that the database alone
does not even give somebody a hash to try passwords at."""
AT_ONCE = 2
"""38 MiB at most, for some 30 ms each."""
MOST_WAITING = 32
"""The last of them waits half a second. Who comes on top is told to come again: a flood must not queue for ever."""
STRANGERS_WAITING = 24
"""The other places are for whoever comes from where he has signed in before: no crowd of strangers keeps him out."""
MOST_OF_ADDRESS = 8
"""Of these places: a flood from one address leaves the others to others."""
HASH_BYTES, SALT_BYTES = 32, 16


def _unused() -> str:
    """A hash that no password has (its salt and itself are zeros), at the same price as any other."""
    salt, digest = (b64encode(bytes(count)).decode().rstrip("=") for count in (SALT_BYTES, HASH_BYTES))
    return f"$argon2id$v=19$m={MEMORY_KIB},t={PASSES},p={LANES}${salt}${digest}"


@cache
def _hasher() -> PasswordHasher:
    """Loaded by who needs it first: most processes never sign anybody in."""
    from argon2 import PasswordHasher

    return PasswordHasher(PASSES, MEMORY_KIB, LANES, HASH_BYTES, SALT_BYTES)


class Argon2Passwords:
    """Hashes and verifies. `close` it."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="ostiary-passwords")
        self._waiting = 0
        self._of_address: Counter[bytes] = Counter()

    async def hash(self, password: str) -> str:
        """The encoded form that is kept. Raises TooManyRequests when too many wait."""
        return await self._away(password, None, b"", is_known=True)

    async def is_right(
        self, password: str, password_hash: str, address: bytes = b"", *, is_known: bool = False
    ) -> bool:
        """Whether it is the password of a hash. An empty `password_hash` takes as long, and no password is right.

        Raises TooManyRequests when too many wait, of all or of an `address` (as it is counted).
        """
        computed = await self._away(password, password_hash or _unused(), address, is_known=is_known)
        return bool(computed) and bool(password_hash)

    def close(self) -> None:
        """Ends its threads."""
        self._threads.shutdown()

    async def _away(self, password: str, password_hash: str | None, address: bytes, *, is_known: bool) -> str:
        most = AT_ONCE + (MOST_WAITING if is_known else STRANGERS_WAITING)
        if self._waiting >= most or (address and self._of_address[address] >= MOST_OF_ADDRESS):
            raise TooManyRequests("Too many people sign in at this moment; try again shortly.", retry_after_s=1)
        self._waiting += 1
        self._of_address[address] += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(
                self._threads, self._computed, password, password_hash
            )
        finally:
            self._waiting -= 1
            self._of_address[address] -= 1
            if not self._of_address[address]:
                del self._of_address[address]

    def _computed(self, password: str, password_hash: str | None) -> str:
        """A hash, or the one that was kept if the password is right, else nothing."""
        from argon2.exceptions import InvalidHashError, VerificationError

        plain = normalize("NFKC", password).encode(errors="surrogatepass")
        if password_hash is None:
            return _hasher().hash(plain)
        try:
            _hasher().verify(password_hash, plain)
        except (VerificationError, InvalidHashError):
            return ""
        return password_hash
