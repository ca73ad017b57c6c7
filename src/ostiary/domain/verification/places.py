"""Where on a picture a rule's value was read: by the zone's form, its characters, and where its lines are printed."""

from __future__ import annotations

from ostiary.domain.documents.places import Quadrilateral
from ostiary.domain.documents.reading import Reading
from ostiary.domain.mrz.spans import spans_of, whole_lines
from ostiary.domain.mrz.zone import BARCODES

_FIELDS = {
    "format": "document_code",
    "number": "number",
    "issuing_country": "country",
    "expiration_date": "expiration_date",
    "birth_date": "birth_date",
    "last_name": "surname",
    "first_name": "given_names",
    "other_clients": "number",
}
_ABOUT_ALL = ("digits", "certainty")
"""Rules about every character there is."""


def places_of(reading: Reading, rule: str) -> tuple[Quadrilateral, ...]:
    """Where the value of a rule was read, on the reading's side and page. A barcode is one place, whatever it says.

    None for rules about no place, and for readings that do not say where their lines are: of earlier versions, and of
    providers.
    """
    zone = reading.zone
    if zone is None or not reading.lines or rule not in (*_FIELDS, *_ABOUT_ALL):
        return ()
    if zone.format in BARCODES:
        return (reading.lines[0].part(0, 1),)
    spans = whole_lines(zone) if rule in _ABOUT_ALL else spans_of(zone, _FIELDS[rule])
    return tuple(
        reading.lines[span.line].part(span.start / len(zone.lines[span.line]), span.end / len(zone.lines[span.line]))
        for span in spans
        if span.line < len(reading.lines)
    )
