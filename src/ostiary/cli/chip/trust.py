"""`ostiary trust`: whose signatures on chips are believed. The store is the operator's file, OSTIARY_TRUST."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from ostiary.adapters.chip.certificates import ChipCertificate
from ostiary.adapters.trust.checking import check_store
from ostiary.adapters.trust.importing import CountryChange, ImportPlan, plan_import, written
from ostiary.adapters.trust.removing import removed
from ostiary.adapters.trust.sealing import plan_seals
from ostiary.adapters.trust.sources import MOST_IMPORT_BYTES, ImportedContent, read_import
from ostiary.adapters.trust.store import EntryKind, StoreEntry, TrustStore, read_store, write_store
from ostiary.cli.dispatch import show
from ostiary.cli.showing import print_table
from ostiary.domain.chip.countries import signing_country
from ostiary.domain.errors import Refused
from ostiary.runtime.terminal.exit_status import EXIT_FAILED, EXIT_OK
from ostiary.settings import Settings

NO_STORE = "Say where the trust store is: set OSTIARY_TRUST to a file, such as /etc/ostiary/trust.jsonl."
NOT_YET = "Nothing counts yet. To let it count, repeat this with --yes."
COLUMNS = ("country", "kind", "key", "from", "until", "sources", "subject", "sha256")
_LISTED = (EntryKind.ANCHOR, EntryKind.CRL, EntryKind.SEAL_AUTHORITY, EntryKind.SEAL_SIGNER)


def run(options: argparse.Namespace, settings: Settings) -> int:
    if settings.trust is None:
        raise Refused(NO_STORE)
    return _ACTIONS[options.action](options, settings.trust)


def content_of(files: list[str]) -> ImportedContent:
    """What files hold. Refused for one that is none of what is imported."""
    every = ImportedContent()
    for file in files:
        path = Path(file)
        if not path.is_file():
            raise Refused(f"{path} is no file.")
        if path.stat().st_size > MOST_IMPORT_BYTES:
            raise Refused(f"{path}: a file to import has at most {MOST_IMPORT_BYTES >> 20} MB.")
        try:
            every += read_import(path.read_bytes())
        except (ValueError, IndexError) as fault:
            raise Refused(
                f"{path} is no master list, LDIF of ICAO's directory, certificate or revocation list: {fault}."
            ) from None
    return every


# ---- import ---------------------------------------------------------------------------------------------------------


def _import(options: argparse.Namespace, path: Path) -> int:
    store, content = read_store(path), content_of(options.files)
    plan = _seals(store, content, options) if options.seals else _countries(store, content, options)
    if options.yes:
        write_store(path, plan.store, instead_of=store)
    show(options, _answer(plan, applied=options.yes), "\n".join(_words(plan, applied=options.yes)))
    return EXIT_OK


def _seals(store: TrustStore, content: ImportedContent, options: argparse.Namespace) -> ImportPlan:
    if options.anchor:
        raise Refused("--anchor vouches for a country's list; an authority of seals is imported, and then counts.")
    _with_digest(options.sha256, content)
    return plan_seals(store, content, options.sha256)


def _countries(store: TrustStore, content: ImportedContent, options: argparse.Namespace) -> ImportPlan:
    vouching = content_of([options.anchor]).certificates if options.anchor else ()
    return plan_import(store, content, (*vouching, *_with_digest(options.sha256, content)), may_be_older=options.older)


def _with_digest(wanted: str | None, content: ImportedContent) -> tuple[ChipCertificate, ...]:
    """The certificate whose fingerprint an operator knows from elsewhere, wherever it is in what is imported."""
    if wanted is None:
        return ()
    listed = (each for listed in content.lists for each in (*listed.data.certificates, *listed.certificates))
    every = [each for each in (*listed, *content.certificates) if each.sha256 == wanted]
    if not every:
        raise Refused(f"No certificate with the SHA-256 {wanted} is in these files.")
    return tuple(every[:1])


def _answer(plan: ImportPlan, *, applied: bool) -> dict[str, Any]:
    return {
        "applied": applied,
        "version": plan.store.version,
        "changes": [
            {"country": each.country, "comes": list(each.comes), "goes": list(each.goes)} for each in plan.changes
        ],
        "others": dict(plan.others),
        "left_out": list(plan.left_out),
    }


def _words(plan: ImportPlan, *, applied: bool) -> Iterator[str]:
    for change in plan.changes:
        yield f"{change.country or '(no country)'}: {_count(change)}"
        yield from (f"  + {each}" for each in change.comes)
        yield from (f"  - {each}" for each in change.goes)
    for kind, count in sorted(plan.others.items()):
        yield f"{kind.replace('_', ' ')}: {count} more"
    for each in plan.left_out:
        yield f"left out: {each}"
    if not plan.changes and not plan.others:
        yield "No anchor comes or goes."
    yield f"The trust store is now {plan.store.version}." if applied else NOT_YET


def _count(change: CountryChange) -> str:
    parts = [f"{len(change.comes)} more"] * bool(change.comes) + [f"{len(change.goes)} fewer"] * bool(change.goes)
    return ", ".join(parts)


# ---- list, verify, remove -------------------------------------------------------------------------------------------


def _list(options: argparse.Namespace, path: Path) -> int:
    store = read_store(path)
    rows = [entry for entry in store.entries if entry.kind in _LISTED and _is_asked_for(entry, options)]
    if options.json or not rows:
        lists = [{"country": each.country, "issued": each.begin} for each in store.of(EntryKind.LIST)]
        answer = {"version": store.version, "lists": lists, "entries": [_as_json(each) for each in rows]}
        show(
            options, answer, "There is none." if store.entries else f"{path} holds nothing yet: `ostiary trust import`."
        )
        return EXIT_OK
    print_table(COLUMNS, map(_row, rows))
    return EXIT_OK


def _is_asked_for(entry: StoreEntry, options: argparse.Namespace) -> bool:
    if options.country and entry.country != (signing_country(options.country) or options.country):
        return False
    until = written(datetime.now(UTC) + timedelta(days=options.expiring or 0))
    return options.expiring is None or (bool(entry.end) and entry.end <= until)


def _as_json(entry: StoreEntry) -> dict[str, Any]:
    return {
        "kind": entry.kind,
        "country": entry.country,
        "subject": entry.subject,
        "serial": entry.serial,
        "key": entry.key,
        "from": entry.begin,
        "until": entry.end or None,
        "sources": list(entry.sources),
        "sha256": entry.sha256,
    }


def _row(entry: StoreEntry) -> tuple[str, ...]:
    sources = entry.note if entry.kind is EntryKind.CRL else ", ".join(each[:12] for each in entry.sources)
    until = entry.end[:10] or "-"
    return (
        *(entry.country, entry.kind.replace("_", " "), entry.key or "-", entry.begin[:10], until),
        *(sources, entry.subject or "-", entry.sha256),
    )


def _verify(options: argparse.Namespace, path: Path) -> int:
    store = read_store(path)
    check = check_store(store, datetime.now(UTC))
    anchors = len(store.of(EntryKind.ANCHOR))
    answer = {
        "version": store.version,
        "anchors": anchors,
        "self_signed": check.self_signed,
        "linked": check.linked,
        "listed_only": check.listed_only,
        "expired": check.expired,
        "problems": [
            {"kind": each.kind, "country": each.country, "sha256": each.sha256, "problem": each.problem}
            for each in check.problems
        ],
    }
    words = [
        f"{anchors} anchors: {check.self_signed} signed by themselves, {check.linked} by another anchor, "
        f"{check.listed_only} on the word of their list; {check.expired} have ended, and count for "
        "what was signed before.",
        *(f"{each.kind} {each.country} {each.sha256}: {each.problem}" for each in check.problems),
        f"{len(check.problems)} to see to." if check.problems else "Nothing is wrong.",
    ]
    show(options, answer, "\n".join(words))
    return EXIT_FAILED if check.problems else EXIT_OK


def _remove(options: argparse.Namespace, path: Path) -> int:
    store = read_store(path)
    changed = removed(store, options.sha256, options.reason, datetime.now(UTC))
    write_store(path, changed, instead_of=store)
    words = f"No anchor any more, whatever is imported: {options.sha256}. The trust store is now {changed.version}."
    show(options, {"removed": options.sha256, "version": changed.version}, words)
    return EXIT_OK


_ACTIONS: dict[str, Callable[[argparse.Namespace, Path], int]] = {
    "import": _import,
    "list": _list,
    "verify": _verify,
    "remove": _remove,
}


def stored_trust(path: Path | None, more: list[str]) -> TrustStore:
    """The store with what files hold besides, for one call alone."""
    return plan_import(read_store(path), content_of(more)).store if more else read_store(path)
