"""`ostiary audit`: check every chain, take signed checkpoints, show entries."""

from __future__ import annotations

import argparse
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path

from ostiary.adapters.audit.checkpoint_place import place_of
from ostiary.adapters.audit.timestamps import anchors_of, stamp_of
from ostiary.adapters.config.pinned_catalogues import texts_named
from ostiary.adapters.crypto import checkpoint_file
from ostiary.adapters.crypto.randomness import random_bytes
from ostiary.app import Installation, opened
from ostiary.cli.audit.kept import KeptCheckpoints, read_all, read_newest
from ostiary.cli.dispatch import show
from ostiary.cli.showing import print_table, progress
from ostiary.domain.audit.checkpoints import Checkpoint, Owner, Witnessed
from ostiary.domain.audit.trail import AuditEntry
from ostiary.domain.audit.verifying import EVERYBODY, Checked, Verification
from ostiary.domain.errors import NotFound, Refused
from ostiary.domain.times import format_timestamp
from ostiary.runtime.terminal.exit_status import EXIT_FAILED, EXIT_OK
from ostiary.settings import Settings
from ostiary.storage.audit.checkpointing import CheckpointSchedule
from ostiary.storage.audit.trail import Trail
from ostiary.usecases.operators.directory import find_house
from ostiary.wire.review import chain_entry_shape

TOLD_EVERY = 1_000


def run(options: argparse.Namespace, settings: Settings) -> int:
    with opened(settings) as installation:
        return _ACTIONS[options.action](options, installation)


def _verify(options: argparse.Namespace, installation: Installation) -> int:
    witness, there = None, KeptCheckpoints()
    if options.checkpoint is not None:
        witness = checkpoint_file.read(Path(options.checkpoint), _signed_by(options, installation))
    if options.against is not None:
        place = place_of(options.against, installation.pool, installation.settings.store_timeout_s)
        there = installation.run(read_all(place, _signed_by(options, installation), anchors_of(options.timestamp_ca)))
        if not there.witnessed.moments_ms and not there.faults:
            raise NotFound(f"There is no checkpoint in {place.shown}.")
    tally = _Tally()
    tally.faults += [(EVERYBODY, fault) for fault in there.faults]
    against, words = _against(there), _against_words(there)
    if witness is not None:
        there.witnessed.add(witness)
    for _ in tally.walk(options, installation, there.witnessed):
        pass
    broken = [{"company_id": whose[0], "owner": whose[1], "fault": fault} for whose, fault in tally.faults]
    answer: dict[str, object] = {
        "intact": not broken,
        "chains": tally.chains,
        "entries": tally.entries,
        "keyed": tally.keyed,
        "counted": tally.counted,
    }
    if witness is not None:
        answer["checkpoint"] = {"at": format_timestamp(witness.at_ms), "chains": len(witness.ends)}
    if options.against is not None:
        answer["against"] = against
    lines = [f"{' '.join(whose).strip() or 'the installation'}: {fault}" for whose, fault in tally.faults]
    lines += [tally.words(witness), *words]
    show(options, {**answer, "broken": broken}, "\n".join(lines))
    return EXIT_FAILED if broken else EXIT_OK


def _signed_by(options: argparse.Namespace, installation: Installation) -> str:
    """Whose signatures are believed."""
    return str(options.signed_by or _signer(installation).public_key)


def _against(there: KeptCheckpoints) -> dict[str, object]:
    moments_ms = there.witnessed.moments_ms
    return {
        "checkpoints": len(moments_ms),
        "first": format_timestamp(moments_ms[0]) if moments_ms else None,
        "last": format_timestamp(moments_ms[-1]) if moments_ms else None,
        "older_missing": there.is_older_missing,
        "stamped": there.stamped,
    }


def _against_words(there: KeptCheckpoints) -> list[str]:
    moments_ms = there.witnessed.moments_ms
    if not moments_ms:
        return []
    first, last = (format_timestamp(moments_ms[at]) for at in (0, -1))
    missing = "; the oldest names one before it, which is not there" if there.is_older_missing else ""
    stamped = f", {there.stamped} of them time-stamped" if there.stamped else ""
    return [f"compared with {len(moments_ms)} checkpoints, from {first} to {last}{stamped}{missing}"]


def _checkpoint(options: argparse.Namespace, installation: Installation) -> int:
    """Signs only what was checked: a signature under a broken trail would vouch for it."""
    if options.file is None:
        return _to_place(options, installation)
    signer, previous, digest = _signer(installation), None, ""
    if options.previous is not None:
        previous = checkpoint_file.read(Path(options.previous), signer.public_key)
        digest = checkpoint_file.digest(Path(options.previous))
    checkpoint, entries = _checked(options, installation, previous, digest)
    size_bytes = signer.write(checkpoint, Path(options.file))
    _tell_checkpoint(options, checkpoint, signer, (options.file, size_bytes, entries))
    return EXIT_OK


def _to_place(options: argparse.Namespace, installation: Installation) -> int:
    """Where the settings say, bound to the newest that is there."""
    settings = installation.settings
    if options.previous is not None:
        raise Refused("--previous is for a FILE: at a place the newest that is there is taken.")
    if not settings.checkpoints:
        raise Refused("Name a FILE, or set OSTIARY_CHECKPOINTS to where checkpoints are there.")
    place = place_of(settings.checkpoints, installation.pool, settings.store_timeout_s)
    signer = _signer(installation)
    previous, digest = installation.run(read_newest(place, signer.public_key))
    checkpoint, entries = _checked(options, installation, previous, digest)
    content = signer.content(checkpoint)

    async def keep() -> str:
        url = settings.timestamp_url
        stamp = await stamp_of(url, content, random_bytes) if url else b""
        name = await place.keep(checkpoint.at_ms, content, stamp)
        await CheckpointSchedule(installation.store.engine).taken(checkpoint.at_ms)
        return name

    name = installation.run(keep())
    _tell_checkpoint(options, checkpoint, signer, (f"{place.shown.rstrip('/')}/{name}", len(content), entries))
    return EXIT_OK


def _checked(
    options: argparse.Namespace, installation: Installation, previous: Checkpoint | None, digest: str
) -> tuple[Checkpoint, int]:
    """A checkpoint of all chains, and how many entries they have. Raises Refused for a trail with faults."""
    now, tally = installation.context.now_ms(), _Tally()
    ends = {
        node.owner: node.end for node in tally.walk(options, installation, Witnessed(*([previous] if previous else [])))
    }
    if tally.faults:
        raise Refused(f"{len(tally.faults)} faults were found, so nothing was signed: see `ostiary audit verify`.")
    return Checkpoint(now, ends, digest), tally.entries


def _tell_checkpoint(
    options: argparse.Namespace, checkpoint: Checkpoint, signer: checkpoint_file.Signer, where: tuple[str, int, int]
) -> None:
    """`where`: its place, its size in bytes, and how many entries were checked."""
    file, size_bytes, entries = where
    answer = {
        "file": file,
        "at": format_timestamp(checkpoint.at_ms),
        "chains": len(checkpoint.ends),
        "bytes": size_bytes,
        "root": checkpoint.root.hex(),
        "previous": checkpoint.previous,
        "public_key": signer.public_key,
    }
    show(
        options,
        answer,
        f"{file}: {len(checkpoint.ends)} chains, {entries} entries, {size_bytes} bytes\n"
        f"root        {checkpoint.root.hex()}\nsigned by   {signer.public_key}\n"
        "Keep the file on another machine and note the key it is signed by: against them a trail that was rewritten\n"
        f"here shows with: ostiary audit verify --checkpoint {file}",
    )


def _show(options: argparse.Namespace, installation: Installation) -> int:
    entries = installation.run(_entries(options, installation))
    if not entries and options.operators:
        raise NotFound("There is no operator yet: `ostiary operator create NAME --role admin`.")
    if not entries:
        raise NotFound("There is no such company." if options.client is None else "There is no such client there.")
    if options.json:
        show(options, [chain_entry_shape(entry) for entry in entries], "")
        return EXIT_OK
    rows = (
        (
            str(entry.position),
            format_timestamp(entry.at_ms),
            entry.action,
            entry.actor,
            entry.subject,
            " ".join(entry.codes),
        )
        for entry in entries
    )
    print_table(("#", "at (UTC)", "action", "actor", "subject", "codes"), rows)
    return EXIT_OK


async def _entries(options: argparse.Namespace, installation: Installation) -> list[AuditEntry]:
    """A client's, a company's, or those of operators, who belong to the installation's own company."""
    company_id = options.company
    if options.operators and (house := await find_house(installation.context)) is not None:
        company_id = house.id
    owner = company_id if options.operators else options.client or company_id
    return [] if company_id is None else await installation.store.audit.entries(company_id, owner)


class _Tally:
    """Counts while chains are checked, and keeps what is wrong, with whose it is."""

    def __init__(self) -> None:
        self.chains = self.entries = self.keyed = self.counted = 0
        self.faults: list[tuple[Owner, str]] = []

    def walk(self, options: argparse.Namespace, installation: Installation, witnessed: Witnessed) -> Iterator[Checked]:
        """Every chain of one moment, checked, with a bar for people. What cannot be read ends it, as one fault more."""
        try:
            yield from self._walk(options, installation, witnessed)
        except (TypeError, ValueError, AttributeError):  # a type that Ostiary never writes; Python's words help nobody
            self._unreadable("")
        except sqlite3.Error as problem:  # or of no text, or a damaged file
            self._unreadable(f" ({problem})")

    def _unreadable(self, why: str) -> None:
        where = f"behind {self.chains} chains and {self.entries} entries"
        self.faults.append((EVERYBODY, f"the trail cannot be read {where}: what is there was changed{why}"))

    def _walk(self, options: argparse.Namespace, installation: Installation, witnessed: Witnessed) -> Iterator[Checked]:
        with installation.store.trail() as trail, progress(options, "checking") as advance:
            total = _length(trail)
            material = trail.material(self._counted(trail.entries()), texts_named)
            verification = Verification(material, installation.store.census.mark, witnessed)
            for checked in verification.check():
                self.chains += 1
                self.keyed += checked.is_keyed
                self.counted += checked.is_counted
                self.faults += [(checked.owner, fault) for fault in checked.faults]
                if self.chains % TOLD_EVERY == 0:
                    advance(self.entries, total)
                yield checked
            self.faults += verification.rest()
            self.faults += [
                ((company_id, line.client_id), f"deadline of request {line.enablement_id}: it does not open")
                for company_id, line in trail.unopened_deadlines(installation.cipher)
            ]

    def words(self, witness: Checkpoint | None) -> str:
        counted = f"{self.chains} chains with {self.entries} entries"
        if self.faults:
            return f"{counted}: {len(self.faults)} BROKEN"
        against = f", as the checkpoint of {format_timestamp(witness.at_ms)} saw them" if witness else ""
        plain = self.chains - self.keyed
        before = f"; {plain} of them are of before, not keyed yet" if plain else ""
        return f"{counted}: all intact{against}{before}"

    def _counted(self, entries: Iterable[AuditEntry]) -> Iterator[AuditEntry]:
        for entry in entries:
            self.entries += 1
            yield entry


def _length(trail: Trail) -> int:
    """Of all chains, for the bar: without one where an end cannot be read, which is told in its place."""
    try:
        return sum(end.length for _, _, end in trail.chains())
    except (TypeError, sqlite3.Error):
        return 0


def _signer(installation: Installation) -> checkpoint_file.Signer:
    return installation.run(_signing_key(installation))


async def _signing_key(installation: Installation) -> checkpoint_file.Signer:
    """The installation's own, made on first use."""
    wrapped = await installation.store.installation.value(checkpoint_file.KEY_NAME)
    if wrapped is None:
        wrapped = await installation.store.installation.value(
            checkpoint_file.KEY_NAME, checkpoint_file.new_key(installation.cipher)
        )
    assert wrapped is not None  # noqa: S101 (it was just there)
    return checkpoint_file.Signer(installation.cipher, wrapped)


_ACTIONS = {"verify": _verify, "checkpoint": _checkpoint, "show": _show}
