"""`ostiary document read`: what the reader sees in files, for support people and for measuring."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from ostiary.adapters.reader.availability import INSTALL, missing
from ostiary.adapters.reader.patience import read_patiently
from ostiary.adapters.reader.process import ReaderProcess
from ostiary.app import check_cage
from ostiary.cli.showing import print_table, progress
from ostiary.domain.documents.document import FRONT
from ostiary.domain.documents.reading import Reading, Trouble
from ostiary.domain.errors import Refused
from ostiary.domain.mrz.issuers import iso_country
from ostiary.domain.mrz.zone import PartialDate, Zone
from ostiary.runtime.terminal.exit_status import EXIT_FAILED, EXIT_OK
from ostiary.runtime.terminal.printing import say_json
from ostiary.settings import Settings

NOT_INSTALLED = f"The libraries that read documents are not installed: {INSTALL}"
COLUMNS = ("file", "format", "number", "country", "born", "expires", "surname", "given names", "digits", "ms")
_TROUBLE = {
    Trouble.NOT_FOUND: "nothing machine-readable found",
    Trouble.NOT_READABLE: "cannot be opened as a picture, PDF or HEIC",
    Trouble.TIMED_OUT: "took too long and was stopped",
    Trouble.FAILED: "ended the reader",
    Trouble.UNAVAILABLE: NOT_INSTALLED,
}
_BAD = (Trouble.NOT_READABLE, Trouble.TIMED_OUT, Trouble.FAILED)


def run(options: argparse.Namespace, settings: Settings) -> int:
    """Exit status 1 when a file could not be looked at; one that holds nothing machine-readable is an answer."""
    if options.action == "chip":
        from ostiary.cli.chip import verify

        return verify.run(options, settings)
    if options.action == "seal":
        from ostiary.cli.chip import seal

        return seal.run(options, settings)
    if missing():
        raise Refused(NOT_INSTALLED)
    check_cage(settings)
    paths = [Path(file) for file in options.files]
    for path in paths:
        if not path.is_file():
            raise Refused(f"{path} is no file.")
    readings = asyncio.run(_read(options, paths))
    if options.json:
        say_json([as_json(path, reading) for path, reading in zip(paths, readings, strict=True)])
    else:
        print_table(COLUMNS, (tuple(_row(path, reading)) for path, reading in zip(paths, readings, strict=True)))
    return EXIT_FAILED if any(reading.trouble in _BAD for reading in readings) else EXIT_OK


async def _read(options: argparse.Namespace, paths: list[Path]) -> list[Reading]:
    reader, readings, today = ReaderProcess(), [], datetime.now(UTC).date()
    try:
        with progress(options, "reading", len(paths)) as advance:
            for done, path in enumerate(paths):
                advance(done, len(paths))
                readings.append(await read_patiently(reader, [(FRONT, path.read_bytes())], (), today))
    finally:
        await reader.close()
    return readings


def as_json(path: Path, reading: Reading) -> dict[str, Any]:
    """One file's answer. `country` is the issuer as printed, `issuing_country` the same as ISO 3166-1 alpha-3."""
    zone, quality = reading.zone, reading.seen
    return {
        "file": str(path),
        "format": None if zone is None else zone.format,
        "lines": [] if zone is None else list(zone.lines),
        "number": zone and zone.number,
        "country": zone and zone.country,
        "issuing_country": zone and iso_country(zone.country),
        "birth_date": zone and _written(zone.birth_date),
        "expiration_date": _day(zone.expiration_date) if zone else None,
        "surname": zone and zone.surname,
        "given_names": zone and zone.given_names,
        "digits_valid": zone is not None and zone.digits_valid,
        "checks": dict(zone.checks) if zone else {},
        "quality": {
            "sharpness": _share(quality.sharpness),
            "glare": _share(quality.glare),
            "white": _share(quality.white),
            "text_height_px": quality.text_height_px,
            "certainty": _share(reading.certainty),
        },
        "trouble": reading.trouble,
        "ms": reading.ms,
    }


def _row(path: Path, reading: Reading) -> Iterator[str]:
    zone = reading.zone
    yield path.name
    if zone is None:
        yield f"- ({_TROUBLE[reading.trouble or Trouble.NOT_FOUND]})"
        yield from [""] * (len(COLUMNS) - 3)
    else:
        yield from (
            zone.format,
            zone.number,
            zone.country,
            _written(zone.birth_date),
            _day(zone.expiration_date) or "-",
        )
        yield from (zone.surname, zone.given_names, _digits(zone))
    yield str(reading.ms)


def _digits(zone: Zone) -> str:
    if not zone.checks:
        return "none"
    wrong = [name for name, fits in zone.checks.items() if not fits]
    return f"wrong: {', '.join(wrong)}" if wrong else "valid"


def _written(day: PartialDate) -> str:
    """ISO 8601, with question marks for what is unknown."""
    year = "????" if day.year is None else f"{day.year:04d}"
    month, of_month = ("??" if number is None else f"{number:02d}" for number in (day.month, day.day))
    return f"{year}-{month}-{of_month}"


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _share(value: float | None) -> float | None:
    return None if value is None else round(value, 3)
