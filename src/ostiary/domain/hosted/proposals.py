"""What a document that was just read proposes for its details, and what on it does not fit what is known of the client.

Nothing here decides anything: the client confirms or corrects, and the submission is judged as any other. So it is said
only where the reader is sure; what is misread would send people after faults that there are not.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field
from enum import StrEnum

from ostiary.domain.catalogue.catalogue import DataType, DocumentType
from ostiary.domain.catalogue.field_rules import value_fault
from ostiary.domain.clients.client import Profile
from ostiary.domain.documents.document import EXPIRATION_DATE, ISSUING_COUNTRY, NUMBER
from ostiary.domain.documents.reading import Result, Trouble
from ostiary.domain.mrz.issuers import iso_country
from ostiary.domain.mrz.zone import Zone
from ostiary.domain.ports import Lookups
from ostiary.domain.value import value_type
from ostiary.domain.verification import document_rules, holder_rules
from ostiary.domain.verification.case import Case, RuleFinding

BIRTH_DATE, FIRST_NAME, LAST_NAME, DOCUMENT = "birth_date", "first_name", "last_name", "document"


class ReadNow(StrEnum):
    """What came of looking at the pictures at once."""

    READ = "read"
    NOTHING = "nothing"
    """Nothing that a machine could read with certainty; for most cards of some countries, nothing is printed."""
    AWAY = "away"
    """No reader, or none that was free in time: nothing is known of the pictures."""


@value_type
class Misfit:
    """What on the document does not fit. `about` is one of `first_name`, `last_name`, `birth_date` (given and read),
    `expiration_date` (read: the day it expired), `issuing_country` (read: a country that is not accepted) and
    `document` (neither: it is another kind of document)."""

    about: str
    given: str = field(default="", repr=False)
    read: str = field(default="", repr=False)


@value_type
class Proposals:
    """`details` by the ids that the catalogue declares for the document, as a form has them: texts, dates as
    YYYY-MM-DD, countries as ISO 3166-1 alpha-3."""

    look: ReadNow
    details: Mapping[str, str] = field(default_factory=dict, repr=False)
    misfits: tuple[Misfit, ...] = ()


AWAY = Proposals(ReadNow.AWAY)


def proposed(case: Case, lookups: Lookups) -> Proposals:
    """What follows from a document's reading for the form that asks for its details. `case.document` has none yet."""
    zone = case.reading.zone
    if zone is None or not zone.digits_valid or not document_rules.is_sure(case):
        is_away = case.reading.trouble is Trouble.UNAVAILABLE
        return AWAY if is_away else Proposals(ReadNow.NOTHING)
    details = _details(case.kind, zone, case.profile.address.country, lookups)
    return Proposals(ReadNow.READ, details, _misfits(case, zone))


def standing_misfits(misfits: tuple[Misfit, ...], profile: Profile) -> tuple[Misfit, ...]:
    """Those that are still true: what the client corrected meanwhile is held against nobody."""
    now = {FIRST_NAME: " ".join(filter(None, (profile.first_name, profile.second_name)))}
    now |= {LAST_NAME: profile.last_name, BIRTH_DATE: profile.birth_date}
    return tuple(each for each in misfits if each.given == now.get(each.about, each.given))


def _details(kind: DocumentType, zone: Zone, country: str, lookups: Lookups) -> Mapping[str, str]:
    """Those that the catalogue declares under a name whose meaning is known, and takes as they were read."""
    details = dict[str, str]()
    for declared in kind.metadata:
        types, of_zone = _READ_OF.get(declared.id, ((), None))
        value = of_zone(zone) if of_zone is not None and declared.data_type in types else ""
        if value and value_fault(declared, value, country, lookups) is None:
            details[declared.id] = value
    return details


def _misfits(case: Case, zone: Zone) -> tuple[Misfit, ...]:
    """Another kind of document fits nothing else; of a right one everything is said at once."""
    if document_rules.form(case, zone).compared.result is not Result.AGREES:
        return (Misfit(DOCUMENT),)
    findings = {about: rule(case, zone) for about, rule in _RULES.items()}
    return tuple(_misfit(about, finding) for about, finding in findings.items() if _is_said(about, finding))


def _is_said(about: str, finding: RuleFinding) -> bool:
    """A contradiction; and a doubt about a name of which both ways to write it can be shown."""
    compared = finding.compared
    if compared.result is Result.DIFFERS:
        return True
    is_name = about in (FIRST_NAME, LAST_NAME)
    return is_name and compared.result is Result.DOUBTFUL and bool(compared.given and compared.read)


def _misfit(about: str, finding: RuleFinding) -> Misfit:
    compared = finding.compared
    return Misfit(about, given=compared.given or "", read=compared.read or "")


def _country(zone: Zone) -> str:
    return iso_country(zone.country) or ""


def _expiration(zone: Zone) -> str:
    return zone.expiration_date.isoformat() if zone.expiration_date else ""


def _birth(zone: Zone) -> str:
    return zone.birth_date.whole.isoformat() if zone.birth_date.whole else ""


_TEXT = (DataType.STRING,)
_READ_OF: Mapping[str, tuple[tuple[DataType, ...], Callable[[Zone], str] | None]] = {
    NUMBER: (_TEXT, lambda zone: zone.number),
    ISSUING_COUNTRY: ((DataType.COUNTRY,), _country),
    EXPIRATION_DATE: ((DataType.DATE,), _expiration),
    BIRTH_DATE: ((DataType.DATE,), _birth),
    LAST_NAME: (_TEXT, lambda zone: zone.surname),
    FIRST_NAME: (_TEXT, lambda zone: zone.given_names),
}
_RULES: Mapping[str, Callable[[Case, Zone], RuleFinding]] = {
    EXPIRATION_DATE: holder_rules.expiration_date,
    ISSUING_COUNTRY: document_rules.issuing_country,
    LAST_NAME: holder_rules.last_name,
    FIRST_NAME: holder_rules.first_name,
    BIRTH_DATE: holder_rules.birth_date,
}
