"""Values that a client gave, as they are shown to be checked."""

from __future__ import annotations

from dataclasses import dataclass, field

from ostiary.domain.catalogue.catalogue import DataType, Field
from ostiary.domain.clients.client import Profile
from ostiary.domain.sentences import sentence
from ostiary.domain.times import iso_date
from ostiary.hosted.forms.inputs import options_of
from ostiary.html.choices import country_name
from ostiary.languages.formats import day


@dataclass(frozen=True, slots=True)
class ShownLine:
    """One value with its label; `place` is where it can be changed, as addresses name it."""

    label: str
    value: str = field(repr=False)
    place: str = ""


def shown_value(declared: Field, value: object, tag: str) -> str:
    """As people write it."""
    match declared.data_type:
        case DataType.BOOLEAN:
            return sentence("Yes") if value else sentence("No")
        case DataType.ENUM:
            return dict(options_of(declared)).get(str(value), str(value))
        case DataType.COUNTRY:
            return country_name(tag, str(value))
        case DataType.DATE:
            at = iso_date(value)
            return day(tag, at) if at else str(value)
        case _:
            return str(value)


def about_you(profile: Profile, tag: str) -> list[ShownLine]:
    """Who the client is said to be: what a document is compared with."""
    born = iso_date(profile.birth_date)
    name = " ".join(filter(None, (profile.first_name, profile.second_name, profile.last_name)))
    return [
        ShownLine(sentence("Name"), name),
        ShownLine(sentence("Birth date"), day(tag, born) if born else profile.birth_date),
        ShownLine(sentence("Country"), country_name(tag, profile.address.country)),
    ]
