"""`ostiary audit`: check every chain, take signed checkpoints, show entries."""

from __future__ import annotations

import argparse
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path

from ostiary.adapters import checkpoint_file
from ostiary.app import Opened, opened
from ostiary.cli import EXIT_FAILED, EXIT_OK
from ostiary.cli.running import failed, show
from ostiary.cli.showing import print_table, progress
from ostiary.domain.audit import Entry
from ostiary.domain.checkpoints import Checked, Checkpoint, check_chains
from ostiary.domain.errors import NotFound, Refused
from ostiary.domain.times import shown
from ostiary.settings import Settings

TOLD_EVERY = 1_000


def do(options: argparse.Namespace, settings: Settings) -> int:
    with opened(settings) as parts:
        return _ACTIONS[options.action](options, parts)


def _verify(options: argparse.Namespace, parts: Opened) -> int:
    witness = None
    if options.checkpoint is not None:
        signed_by = options.signed_by or _signer(parts).public_key
        witness = checkpoint_file.read(Path(options.checkpoint), signed_by)
    tally = _Tally()
    try:
        for _ in tally.walk(options, parts, witness):
            pass
    except (TypeError, ValueError, AttributeError, sqlite3.Error) as problem:
        return _unreadable(options, tally, problem)
    broken = [{"company_id": one.owner[0], "owner": one.owner[1], "fault": one.fault} for one in tally.broken]
    answer: dict[str, object] = {"intact": not broken, "chains": tally.chains, "entries": tally.entries}
    if witness is not None:
        answer["checkpoint"] = {"at": shown(witness.at_ms), "chains": len(witness.ends)}
    counted = f"{tally.chains} chains with {tally.entries} entries"
    lines = [f"{one['company_id']} {one['owner']}: {one['fault']}" for one in broken]
    against = f", as the checkpoint of {shown(witness.at_ms)} saw them" if witness else ""
    lines.append(f"{counted}: {f'{len(broken)} BROKEN' if broken else f'all intact{against}'}")
    show(options, {**answer, "broken": broken}, "\n".join(lines))
    return EXIT_FAILED if broken else EXIT_OK


def _checkpoint(options: argparse.Namespace, parts: Opened) -> int:
    """Signs only what was checked: a signature under a broken trail would vouch for it."""
    signer, previous, digest = _signer(parts), None, ""
    if options.previous is not None:
        previous = checkpoint_file.read(Path(options.previous), signer.public_key)
        digest = checkpoint_file.digest(Path(options.previous))
    now, tally = parts.world.now_ms(), _Tally()
    ends = {one.owner: one.end for one in tally.walk(options, parts, previous)}
    if tally.broken:
        raise Refused(f"{len(tally.broken)} chains are broken, so nothing was signed: see `ostiary audit verify`.")
    checkpoint = Checkpoint(now, ends, digest)
    size_bytes = signer.write(checkpoint, Path(options.file))
    answer = {
        "file": options.file, "at": shown(now), "chains": len(ends), "bytes": size_bytes,
        "root": checkpoint.root.hex(), "previous": digest, "public_key": signer.public_key,
    }  # fmt: skip
    show(options, answer, f"{options.file}: {len(ends)} chains, {tally.entries} entries, {size_bytes} bytes\n"
         f"root        {checkpoint.root.hex()}\nsigned by   {signer.public_key}\n"
         "Keep the file on another machine and note the key it is signed by: against them a trail that was rewritten\n"
         f"here shows with: ostiary audit verify --checkpoint {options.file}")  # fmt: skip
    return EXIT_OK


def _show(options: argparse.Namespace, parts: Opened) -> int:
    entries = parts.run(parts.store.entries(options.company, options.client or options.company))
    if not entries:
        raise NotFound("There is no such company." if options.client is None else "There is no such client there.")
    if options.json:
        show(options, [_entry_json(one) for one in entries], "")
        return EXIT_OK
    rows = ((str(one.position), shown(one.at_ms), one.action, one.actor, one.subject, " ".join(one.codes))
            for one in entries)  # fmt: skip
    print_table(("#", "at (UTC)", "action", "actor", "subject", "codes"), rows)
    return EXIT_OK


class _Tally:
    """Counts while chains are checked."""

    def __init__(self) -> None:
        self.chains = self.entries = 0
        self.broken: list[Checked] = []

    def walk(self, options: argparse.Namespace, parts: Opened, witness: Checkpoint | None) -> Iterator[Checked]:
        """Every chain of one moment, checked, with a bar for people."""
        with parts.store.trail() as trail, progress(options, "checking") as tell:
            total = sum(end.length for _, _, end in trail.chains())
            for one in check_chains(trail.chains(), self._counted(trail.entries()), witness):
                self.chains += 1
                if one.fault is not None:
                    self.broken.append(one)
                if self.chains % TOLD_EVERY == 0:
                    tell(self.entries, total)
                yield one

    def _counted(self, entries: Iterable[Entry]) -> Iterator[Entry]:
        for entry in entries:
            self.entries += 1
            yield entry


def _unreadable(options: argparse.Namespace, tally: _Tally, problem: Exception) -> int:
    """A column of a type that Ostiary never writes, or a damaged file."""
    where = f"after {tally.chains} chains and {tally.entries} entries"
    return failed(options, f"The trail cannot be read {where}; what is there was changed: {problem}", EXIT_FAILED)


def _signer(parts: Opened) -> checkpoint_file.Signer:
    return parts.run(_signing_key(parts))


async def _signing_key(parts: Opened) -> checkpoint_file.Signer:
    """The installation's own, made on first use."""
    wrapped = await parts.store.installed(checkpoint_file.KEY_NAME)
    if wrapped is None:
        wrapped = await parts.store.installed(checkpoint_file.KEY_NAME, checkpoint_file.new_key(parts.cipher))
    assert wrapped is not None  # noqa: S101 (it was just kept)
    return checkpoint_file.Signer(parts.cipher, wrapped)


def _entry_json(entry: Entry) -> dict[str, object]:
    return {
        "position": entry.position,
        "at": shown(entry.at_ms),
        "action": entry.action,
        "actor": entry.actor,
        "subject": entry.subject,
        "codes": entry.codes,
        "hash": entry.hash.hex(),
    }


_ACTIONS = {"verify": _verify, "checkpoint": _checkpoint, "show": _show}
