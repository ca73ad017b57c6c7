"""`ostiary document chip`: every rule over a chip's files on disk, for support people and for who builds an app."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ostiary.adapters.chip.presence.answer import presence_of
from ostiary.adapters.chip.security_object import GROUP_TAGS, SOD_TAG
from ostiary.adapters.chip.tlv import SEQUENCE
from ostiary.adapters.chip.verifier import verify_chip
from ostiary.cli.chip.trust import stored_trust
from ostiary.cli.dispatch import show
from ostiary.domain.chip.judging import ChipJudgement, judge_chip
from ostiary.domain.chip.limits import MOST_BYTES, ChipFile
from ostiary.domain.chip.reading import ChipReading, SignerFacts
from ostiary.domain.chip.rules import ChipCase
from ostiary.domain.errors import Refused
from ostiary.domain.mrz.issuers import iso_country
from ostiary.domain.mrz.zone import PartialDate, Zone
from ostiary.runtime.terminal.exit_status import EXIT_FAILED, EXIT_OK
from ostiary.settings import Settings

_BY_TAG: Mapping[int, ChipFile | None] = {
    SOD_TAG: ChipFile.SOD,
    SEQUENCE: ChipFile.SOD,  # some readers leave the outer tag out
    **{tag: file for file, tag in GROUP_TAGS.items()},
    0x60: None,  # EF.COM, an index that nobody signed
}
"""What a file is, by its first byte (ICAO Doc 9303 part 10, 4.7)."""
_NEVER_TAKEN = {0x63: "DG3, fingerprints", 0x76: "DG4, irises"}


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Exit status 1 when the files could not be looked at; a chip that proves nothing is an answer."""
    if (options.challenge is None) is not (options.answer is None):
        raise Refused("--challenge and --answer belong together: what the chip was asked, and what it said.")
    files = _files(options.files)
    trust = stored_trust(settings.trust, options.anchor).trust
    now = datetime.now(UTC)
    reading = verify_chip(files, trust, now)
    if options.challenge is not None and reading.trouble is None:
        answer = _content(Path(options.answer))
        reading = replace(reading, presence=presence_of(files, options.challenge, answer))
    judgement = judge_chip(ChipCase(reading, now, counts_specimens=options.sandbox))
    show(options, _as_json(reading, judgement), "\n".join(_words(reading, judgement)))
    return EXIT_OK if reading.trouble is None else EXIT_FAILED


def _files(names: list[str]) -> dict[ChipFile, bytes]:
    files: dict[ChipFile, bytes] = {}
    for path in map(Path, names):
        content = _content(path)
        tag = content[0] if content else 0
        if tag in _NEVER_TAKEN:
            raise Refused(f"{path} is {_NEVER_TAKEN[tag]}, which is never taken.")
        if tag not in _BY_TAG:
            raise Refused(f"{path} is no file of a chip that is taken: {', '.join(ChipFile)}, each as it was read.")
        kind = _BY_TAG[tag]
        if kind in files:
            raise Refused(f"{path} is another {kind}: give the files of one chip.")
        if kind is not None:
            files[kind] = content
    return files


def _content(path: Path) -> bytes:
    if not path.is_file():
        raise Refused(f"{path} is no file.")
    with path.open("rb") as file:
        return file.read(max(MOST_BYTES.values()) + 1)


def _as_json(reading: ChipReading, judgement: ChipJudgement) -> dict[str, Any]:
    return {
        "proof": judgement.proof,
        "doubts": list(judgement.doubts),
        "trouble": reading.trouble,
        "trust": reading.trust_version or None,
        "document": reading.zone and _zone(reading.zone),
        "full_name": reading.full_name or None,
        "groups": {each.name: _fit(each.is_listed, each.fits) for each in reading.groups},
        "signer": reading.signer and _signer(reading.signer),
        "anchors": [
            {
                "sha256": each.sha256,
                "country": each.country,
                "subject": each.subject,
                "from": _day(each.valid_from),
                "until": _day(each.valid_until),
                "lists": list(each.sources),
            }
            for each in reading.anchors
        ],
        "signed_at": reading.signing_time and reading.signing_time.isoformat(),
        "revocation": reading.revocation,
        "presence": reading.presence,
        "rules": [
            {"rule": each.rule, "result": each.result, "read": each.read, "note": each.note}
            for each in judgement.compared
        ],
    }


def _zone(zone: Zone) -> dict[str, Any]:
    return {
        "format": zone.format,
        "lines": list(zone.lines),
        "document_code": zone.document_code,
        "number": zone.number,
        "country": zone.country,
        "issuing_country": iso_country(zone.country),
        "surname": zone.surname,
        "given_names": zone.given_names,
        "birth_date": _partial(zone.birth_date),
        "expiration_date": zone.expiration_date and zone.expiration_date.isoformat(),
        "digits_valid": zone.digits_valid,
    }


def _signer(signer: SignerFacts) -> dict[str, Any]:
    return {
        "subject": signer.subject,
        "issuer": signer.issuer,
        "serial": signer.serial,
        "country": signer.country,
        "from": _day(signer.valid_from),
        "until": _day(signer.valid_until),
        "document_types": None if signer.document_types is None else list(signer.document_types),
        "sha256": signer.sha256,
    }


def _fit(is_listed: bool, fits: bool) -> str:
    return "fits" if fits else "differs" if is_listed else "not listed"


def _day(moment: datetime) -> str:
    return moment.date().isoformat()


def _partial(day: PartialDate) -> str:
    year = "????" if day.year is None else f"{day.year:04d}"
    return "-".join((year, *("??" if part is None else f"{part:02d}" for part in (day.month, day.day))))


def _words(reading: ChipReading, judgement: ChipJudgement) -> Iterator[str]:
    if reading.zone is not None:
        zone = reading.zone
        yield f"{zone.document_code} {zone.number}, {zone.country}: {zone.surname}, {zone.given_names}"
    for each in judgement.compared:
        detail = "; ".join(filter(None, (each.note, each.read)))
        yield f"  {each.rule:16} {each.result:12} {detail}".rstrip()
    for anchor in reading.anchors:
        yield f"  signed under {anchor.subject} ({', '.join(anchor.sources) or 'no list'})"
    doubts = f": {', '.join(judgement.doubts)}" if judgement.doubts else ""
    yield f"{judgement.proof}{doubts}"
