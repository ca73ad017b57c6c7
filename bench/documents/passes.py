"""Whether anything passes that should not: every picture judged as printed, then with each detail changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bench.documents.truth import Known
from ostiary.adapters.config.catalogue_file import default_source, parse
from ostiary.adapters.similarity import similarity
from ostiary.domain.catalogue.catalogue import DocumentType
from ostiary.domain.clients.client import Address, Profile
from ostiary.domain.documents.document import Document, DocumentStatus
from ostiary.domain.documents.reading import Judgement, Reading, ReadingOutcome
from ostiary.domain.mrz.issuers import iso_country
from ostiary.domain.mrz.zone import Format, Zone
from ostiary.domain.verification.judgement import Case, judge_reading

NEXT = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", "BCDEFGHIJKLMNOPQRSTUVWXYZA1234567890")


@dataclass(frozen=True, slots=True)
class Told:
    """What a company says of a document and its holder."""

    number: str
    country: str
    expires: date
    born: date
    first_name: str
    last_name: str


ANYBODY = Told("AB1234567", "ARG", date(2034, 5, 31), date(1984, 11, 21), "Maria", "Barber")
"""For a picture of which nothing was read: what is said does not matter then."""


def kind_of() -> DocumentType:
    """A passport of the catalogue that ships, here of every form."""
    catalogue = parse(default_source(), "default_catalogue.yaml")
    return replace(catalogue.document_types["passport"], machine_readable=frozenset(Format))


def as_printed(zone: Zone, truth: Known) -> Told | None:
    """What an honest company would say; None where a country or a date is none, so that a person looks anyway."""
    country, born = iso_country(truth.fields["country"]), zone.birth_date.whole
    if country is None or born is None or zone.expiration_date is None or not all(truth.names):
        return None
    return Told(truth.fields["number"], country, zone.expiration_date, born, truth.names[1], truth.names[0])


def judged_as(kind: DocumentType, reading: Reading, told: Told, today: date) -> Judgement:
    profile = Profile(
        told.first_name,
        told.last_name,
        "one@example.com",
        told.born.isoformat(),
        Address("1 Street", "Town", told.country),
    )
    details = {"number": told.number, "issuing_country": told.country, "expiration_date": told.expires.isoformat()}
    document = Document("d", "c", "p", kind.id, DocumentStatus.ACCEPTED, details, (), 0)
    return judge_reading(Case(kind, document, reading, profile, today, similarity))


def changed(told: Told) -> Iterator[Told]:
    """One thing different from what is printed, in every field, slightly and wholly."""
    for place in range(len(told.number)):
        yield replace(told, number=told.number[:place] + told.number[place].translate(NEXT) + told.number[place + 1 :])
    yield replace(told, number="ZZ" + told.number[::-1])
    for country in ("BRA", "DNK", "USA", "POL"):
        if country != told.country:
            yield replace(told, country=country)
    for days in (1, -1, 30, 365):
        yield replace(told, expires=told.expires + timedelta(days))
        yield replace(told, born=told.born + timedelta(days))
    for other in _other_names(told.first_name):
        yield replace(told, first_name=other)
    for other in _other_names(told.last_name):
        yield replace(told, last_name=other)


def _other_names(printed: str) -> tuple[str, ...]:
    return printed[0].translate(NEXT) + printed[1:], printed[::-1] + "OV", "WOLFGANG"


def passes(kind: DocumentType, reading: Reading, truth: Known) -> tuple[bool, int, int] | None:
    """Whether it passes as printed, how many changes were tried, and how many of those passed; None: not tried."""
    zone = reading.zone
    told = None if zone is None else as_printed(zone, truth)
    if told is None:
        return None
    today = told.expires - timedelta(days=200)
    tried = [judged_as(kind, reading, one, today) for one in changed(told)]
    passed = judged_as(kind, reading, told, today).outcome is ReadingOutcome.PASS
    return passed, len(tried), sum(one.outcome is ReadingOutcome.PASS for one in tried)
