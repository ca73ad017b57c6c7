"""Erasing again, in a database that was restored, whom it still has from before."""

from __future__ import annotations

from ostiary.adapters.files.erased import ErasedClients
from ostiary.adapters.files.store import store_of
from ostiary.app import opened
from ostiary.settings import Settings
from ostiary.usecases.privacy.begin_due import erase_again


def erased_since(settings: Settings, place: str) -> int:
    """How many clients wait to be erased again. `place` is the address of the store that their pictures were in.

    Raises Unavailable.
    """
    with opened(settings) as installation:
        store = store_of(place, settings.data_dir, installation.pool, settings.store_timeout_s)
        return installation.run(erase_again(installation.context, ErasedClients(store, installation.cipher)))
