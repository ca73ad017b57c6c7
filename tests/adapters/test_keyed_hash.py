"""Keyed hashes are HMAC-SHA256, as the library has it, whatever key and content."""

from __future__ import annotations

import hmac
from concurrent.futures import ThreadPoolExecutor

import pytest

from ostiary.adapters.crypto.keyed_hash import BLOCK_BYTES, KeyedHash

CONTENTS = [b"", b"a", bytes(range(256)), b"x" * 100_000]


@pytest.mark.parametrize("size", [0, 1, 32, BLOCK_BYTES - 1, BLOCK_BYTES, BLOCK_BYTES + 1, 200])
def test_it_is_hmac_sha256(size: int) -> None:
    key = bytes(at * 7 % 256 for at in range(size))
    keyed = KeyedHash(key)
    for content in CONTENTS * 2:
        assert keyed.digest(content) == hmac.digest(key, content, "sha256")


def test_threads_may_share_a_key() -> None:
    keyed, contents = KeyedHash(b"k" * 32), [b"%d" % at * 500 for at in range(2_000)]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(keyed.digest, contents)) == [
            hmac.digest(b"k" * 32, content, "sha256") for content in contents
        ]
