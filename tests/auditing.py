"""A key of an audit trail for tests, and the trail of an open store as `ostiary audit verify` finds it."""

from __future__ import annotations

from functools import partial

from ostiary.adapters.config.pinned_catalogues import texts_named
from ostiary.adapters.crypto.keyring import Keyring
from ostiary.domain.audit.verifying import Verification
from ostiary.domain.ports import Cipher
from ostiary.storage.store import Store

_ring = Keyring({1: bytes(range(32))})
_ring.set_lookup_key("audit", bytes(range(32, 64)))
MARK = partial(_ring.lookup_hash, "audit")


def faults(store: Store, cipher: Cipher) -> dict[str, list[str]]:
    """What is wrong, by owner (the installation is nobody); empty where everything is as it should be."""
    by_owner: dict[str, list[str]] = {}
    with store.trail() as trail:
        verification = Verification(trail.material(trail.entries(), texts_named), partial(cipher.lookup_hash, "audit"))
        for chain in verification.check():
            if chain.faults:
                by_owner.setdefault(chain.owner[1], []).extend(chain.faults)
        for owner, fault in verification.rest():
            by_owner.setdefault(owner[1], []).append(fault)
    return by_owner
