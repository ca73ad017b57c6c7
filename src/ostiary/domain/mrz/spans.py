"""Which characters of a zone's lines say what: counted from 0, ends exclusive, as `layouts` has it."""

from __future__ import annotations

from typing import NamedTuple

from ostiary.domain.mrz.check_digits import FILLER
from ostiary.domain.mrz.layouts import LAYOUTS, FieldPlace, Layout
from ostiary.domain.mrz.zone import Zone

_NAMES_PARTED = FILLER * 2


class Span(NamedTuple):
    """A piece of a line: its line, and its columns from `start` to before `end`."""

    line: int
    start: int
    end: int


def spans_of(zone: Zone, field: str) -> tuple[Span, ...]:
    """Where a field of a zone is printed, without the fillers behind it: `number`, `surname`, `birth_date` and so on.

    None where the form has no such field, where it is empty, and where the lines are not those of the form, as those of
    barcodes are not. A number of more than nine characters is in two pieces (Doc 9303 parts 5 and 6, 4.2.2, note j).
    """
    layout = _layout_of(zone)
    if layout is None:
        return ()
    places = {place.name: place for place in layout.places}
    if field in ("surname", "given_names") and "names" in places:
        return _name(zone, field, places["names"])
    place = places.get(field)
    if place is None:
        return ()
    spans = _printed(place, place.of(zone.lines), 0)
    more = len(zone.number) - (place.end - place.start)
    if field == "number" and layout.long_number is not None and more > 0:
        rest = layout.long_number
        spans += (Span(rest.line, rest.start, min(rest.start + more, rest.end)),)
    return spans


def whole_lines(zone: Zone) -> tuple[Span, ...]:
    """Every line from end to end; none where they are not those of the form."""
    return tuple(Span(row, 0, len(line)) for row, line in enumerate(zone.lines)) if _layout_of(zone) else ()


def _layout_of(zone: Zone) -> Layout | None:
    """What a reader's process answers is not believed to be as long as it says."""
    shape = [len(line) for line in zone.lines]
    return next(
        (each for each in LAYOUTS if each.format is zone.format and shape == [each.length] * each.line_count), None
    )


def _name(zone: Zone, field: str, names: FieldPlace) -> tuple[Span, ...]:
    """Two fillers part the surname from the given names."""
    surname, _, given_names = names.of(zone.lines).partition(_NAMES_PARTED)
    if field == "surname":
        return _printed(names, surname, 0)
    return _printed(names, given_names, len(surname) + len(_NAMES_PARTED))


def _printed(place: FieldPlace, text: str, skipped: int) -> tuple[Span, ...]:
    """The text, which begins so many columns behind the place's beginning."""
    length, start = len(text.rstrip(FILLER)), place.start + skipped
    return (Span(place.line, start, start + length),) if length else ()
