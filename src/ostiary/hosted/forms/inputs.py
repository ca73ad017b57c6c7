"""Fields of the catalogue as inputs of a form: which kind, what browsers may fill in, and what was typed as a value."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ostiary.domain.catalogue.catalogue import DataType, Field
from ostiary.domain.hosted.details import PHONE_CODE, PHONE_NUMBER, Value
from ostiary.domain.names.visible import OBEYED
from ostiary.domain.sentences import N_, sentence
from ostiary.html.choices import Choices, country_choices, state_choices
from ostiary.html.fields import Fields

PHONE = "phone"
"""What every client may have; its two parts are details of their own."""
MOST_RADIOS = 7
"""More are quicker to choose from a list."""
UNPROCESSABLE = 422
"""Status of a page that says what is wrong with what was sent (RFC 9110 15.5.21)."""
EMPTY = N_("Fill this in.")
CHOOSE = N_("Choose one of these.")
AUTOCOMPLETE: Mapping[str, str] = {
    "first_name": "given-name", "second_name": "additional-name", "last_name": "family-name", "email": "email",
    "birth_date": "bday", "phone": "tel", "postal_code": "postal-code", "state": "address-level1",
    "occupation": "organization-title",
}  # fmt: skip
"""WCAG 2.2, 1.3.5; the tokens are those of the HTML Living Standard, 4.10.18.7.1."""
_DECIMAL = {"en": (",", "."), "es": (".", ","), "pt": (".", ",")}
"""What stands between thousands, and before what is less than one."""
_TRUTHS = {"true": True, "false": False}
_INTEGER = re.compile(r"-?[0-9]{1,18}", re.ASCII)
"""So many digits fit into 64 bits, as everything that is stored has to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormInput:
    """One input. `kind` is one of text, date, tel, email, number, radios and list; `value` what stands in it."""

    name: str
    label: str
    kind: str
    hint: str = ""
    value: str = field(default="", repr=False)
    choices: Choices = ()
    autocomplete: str = "off"
    inputmode: str = ""
    is_required: bool = True
    longest: int = 0
    problem: str = ""


@dataclass(frozen=True, slots=True)
class AskedField:
    """One field that is asked for. `key` is what requirements call it; `country` (ISO 3166-1 alpha-3) the client's."""

    key: str
    field: Field
    country: str
    tag: str

    def input(self, value: str, problem: str = "") -> FormInput:
        """As it stands in a form."""
        kind, choices = self._kind()
        return FormInput(
            name=self.key,
            label=self.field.name,
            kind=kind,
            hint=self.field.description,
            value=value,
            choices=choices,
            autocomplete=AUTOCOMPLETE.get(self.key, "off"),
            inputmode=_INPUTMODES.get(self.field.data_type, ""),
            is_required=self.field.required,
            longest=self.field.max_length or 0,
            problem=problem,
        )

    def _kind(self) -> tuple[str, Choices]:
        if self.key == "state" and (states := state_choices(self.country)):
            return "list", states
        match self.field.data_type:
            case DataType.COUNTRY:
                return "list", country_choices(self.tag)
            case DataType.ENUM:
                choices = options_of(self.field)
                return "radios" if len(choices) <= MOST_RADIOS else "list", choices
            case DataType.BOOLEAN:
                return "radios", (("true", sentence("Yes")), ("false", sentence("No")))
            case other:
                return _KINDS.get(other, "text"), ()

    def values(self, typed: str) -> Mapping[str, Value] | str:
        """What was typed, by the keys of details; or what is wrong with it. Empty text is None where it may be."""
        if not typed:
            return EMPTY if self.field.required else {self.key: None}
        match self.field.data_type:
            case DataType.PHONE if self.key == PHONE:
                return _phone(typed, self.country)
            case DataType.INTEGER:
                plain = typed.replace(" ", "")
                return {self.key: int(plain)} if _INTEGER.fullmatch(plain) else N_("Write a whole number.")
            case DataType.DECIMAL:
                return {self.key: _decimal(typed, self.tag)}
            case DataType.BOOLEAN if typed in _TRUTHS:
                return {self.key: _TRUTHS[typed]}
            case DataType.BOOLEAN:
                return CHOOSE
            case DataType.ENUM if typed not in self.field.options:
                return CHOOSE
            case _:
                return {self.key: typed}


def options_of(declared: Field) -> Choices:
    """The options of a field, with their words."""
    return tuple((option, _begun_large(declared.option_name(option))) for option in declared.options)


def _begun_large(name: str) -> str:
    """The words of a code; what somebody named is written as he wrote it."""
    return name[:1].upper() + name[1:] if type(name) is str else name


def read_inputs(asked: Sequence[AskedField], form: Fields) -> tuple[dict[str, Value], dict[str, str]]:
    """All values that a form gives, and what is wrong, by the names of inputs. Marks that nobody sees come with what is
    pasted: whoever is told of them cannot find them."""
    values, problems = dict[str, Value](), dict[str, str]()
    for each in asked:
        given = each.values(OBEYED.sub("", form.text(each.key)).strip())
        if isinstance(given, str):
            problems[each.key] = given
        else:
            values |= given
    return values, problems


def focused(inputs: Sequence[FormInput]) -> list[tuple[FormInput, bool]]:
    """Each with whether the page begins there: at the first that is wrong."""
    first = next((each for each in inputs if each.problem), None)
    return [(each, each is first) for each in inputs]


def _decimal(typed: str, tag: str) -> str:
    """As the catalogue's rules have it: digits, and a point."""
    thousands, point = _DECIMAL[tag]
    plain = typed.replace(" ", "").replace("\N{NO-BREAK SPACE}", "")
    if thousands in plain and not re.fullmatch(rf"-?\d{{1,3}}(\{thousands}\d{{3}})+(\{point}\d+)?", plain):
        return plain if thousands == "." else plain.replace(",", ".")
    return plain.replace(thousands, "").replace(point, ".")


def _phone(typed: str, country: str) -> Mapping[str, Value] | str:
    """A number as people write it, with or without its country's code."""
    import phonenumbers

    from ostiary.adapters.lookups.countries import two_letters

    try:
        number = phonenumbers.parse(typed[:40], two_letters(country) or None)
    except phonenumbers.NumberParseException:
        return sentence("Write the number with its country code, as %(example)s.", example="+54 11 6886 0622")
    return {PHONE_CODE: number.country_code, PHONE_NUMBER: number.national_number}


_KINDS = {DataType.DATE: "date", DataType.PHONE: "tel", DataType.EMAIL: "email"}
_INPUTMODES = {DataType.INTEGER: "numeric", DataType.DECIMAL: "decimal", DataType.PHONE: "tel"}
