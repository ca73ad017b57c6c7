"""What the columns of an import's file are, and what a row of them says of a client.

They are called as the fields of the API's body, `address.` before those of the address, and attributes as the catalogue
calls them. An empty cell is a field that is left out. Faults say what the API says of a body.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from difflib import get_close_matches

from ostiary.domain.catalogue.catalogue import DataType, Field
from ostiary.domain.clients.client import Address, Profile
from ostiary.domain.errors import Fault, InvalidRequest
from ostiary.domain.imports.bulk import MOST_ROW_KEY_CHARACTERS, FileForm
from ostiary.domain.imports.csv_file import FAULTS_COLUMN, ROW_COLUMN, written
from ostiary.domain.sentences import N_, sentence, spoken
from ostiary.domain.value import replace, value_type

ROW_KEY, PRODUCT = "row_key", "product"
REQUIRED = (
    "first_name", "last_name", "email", "birth_date", "address.street_line1", "address.city", "address.country",
)  # fmt: skip
OPTIONAL = (
    "second_name", "phone_country_code", "phone_number", "address.street_line2", "address.postal_code", "address.state",
)  # fmt: skip
REFERENCE, EMAIL = "reference", "email"
OURS = (ROW_COLUMN, FAULTS_COLUMN)
NAME_SHOWN = 100
"""Of an unknown column's name this much is repeated."""
_HARMLESS: Mapping[str, str] = {
    "first_name": "X", "last_name": "X", "email": "x@example.com", "birth_date": "2000-01-01",
    "address.street_line1": "X", "address.city": "X", "address.country": "ARG",
}  # fmt: skip
_WHOLE = re.compile(r"[+-]?[0-9]{1,18}", re.ASCII)
_BOOLEANS = {"true": True, "false": False}
_NUMBERS = ("phone_country_code", "phone_number")
_COUNTRY = "address.country"


@value_type
class RowContent:
    """What a row says: the client, the product that is requested for it, and by which key it is known. `faults` are
    those of its form: what has them stands in the profile with something harmless, or not at all."""

    profile: Profile = field(repr=False)
    key: str = field(repr=False)
    product: str | None = None
    faults: tuple[Fault, ...] = ()


def known_columns(declared: Mapping[str, Field]) -> tuple[str, ...]:
    """All that a file may have."""
    reference = () if REFERENCE in declared else (REFERENCE,)
    return (ROW_KEY, *REQUIRED, *OPTIONAL, *reference, *declared, PRODUCT)


def template(declared: Mapping[str, Field]) -> FileForm:
    """An empty file with every column."""
    return FileForm(known_columns(declared))


def demand_columns(form: FileForm, declared: Mapping[str, Field]) -> None:
    """Raises InvalidRequest with every column that is unknown, missing or there twice."""
    if faults := tuple(_column_faults(form, declared)):
        raise InvalidRequest(faults=faults)


def _column_faults(form: FileForm, declared: Mapping[str, Field]) -> Iterator[Fault]:
    possible = known_columns(declared)
    for name, count in Counter(form.columns).items():
        if count > 1:
            yield Fault(name[:NAME_SHOWN], "FIELD_REPEATED", N_("this column is there more than once"))
        if name not in possible and name not in OURS:
            yield _unknown(name[:NAME_SHOWN], possible)
    for name in REQUIRED:
        if name not in form.columns:
            yield _missing(name)


def _unknown(name: str, possible: tuple[str, ...]) -> Fault:
    near = get_close_matches(name, possible, 1)
    hint = sentence("known: %(possible)s", possible=", ".join(possible))
    if near:
        hint = sentence("did you mean %(name)s?", name=near[0])
    return Fault(name, "FIELD_UNKNOWN", sentence("%(name)s is not known; %(hint)s", name=name, hint=hint))


def row_content(form: FileForm, cells: tuple[str, ...], declared: Mapping[str, Field]) -> RowContent:
    """What the cells of a row say, with every fault of form. None of its rules of content are looked at."""
    given = {name: cell for name, cell in zip(form.columns, cells, strict=True) if cell and name not in OURS}
    faults = [_missing(name) for name in REQUIRED if name not in given]
    numbers = {name: _number(name, given, faults) for name in _NUMBERS}
    if any(fault.field in _NUMBERS for fault in faults):
        numbers = dict.fromkeys(_NUMBERS)
    values = {
        name: value
        for name, declaration in declared.items()
        if name in given and (value := value_of(declaration, given[name], faults)) is not None
    }
    whole = {**_HARMLESS, **given}
    if _COUNTRY not in given:
        whole.pop("address.state", None)  # which is judged by the country
    profile = _profile(whole, numbers, _judgeable(values, given, declared), is_reference_ours=REFERENCE not in declared)
    return RowContent(profile, _key(given, profile, faults), given.get(PRODUCT), tuple(faults))


def key_cells(form: FileForm, cells: tuple[str, ...], declared: Mapping[str, Field]) -> Iterator[tuple[str, str]]:
    """What no two rows of a file may share, by its column."""
    for name in (ROW_KEY, EMAIL, *(() if REFERENCE in declared else (REFERENCE,))):
        if name in form.columns and (cell := cells[form.columns.index(name)]):
            yield name, cell.casefold() if name == EMAIL else cell


class FaultyRows:
    """A file of rows with faults, as they were sent, each with its number and what is wrong: to be mended and sent
    again."""

    def __init__(self, form: FileForm) -> None:
        self._own = [place for place, column in enumerate(form.columns) if column not in OURS]
        columns = tuple(form.columns[place] for place in self._own)
        self._form = replace(form, columns=(*columns, ROW_COLUMN, FAULTS_COLUMN))

    def head(self) -> bytes:
        """With the names of the columns: how the file begins."""
        return written(self._form, ())

    def line(self, position: int, cells: Sequence[str], faults: Iterable[Fault]) -> bytes:
        """One row of the file."""
        reasons = " | ".join(f"{fault.field}: {fault.message}" for fault in faults)
        row = (*(cells[place] for place in self._own), str(position), reasons)
        return written(self._form, [row], with_head=False)


def with_product(key: str, product: str) -> str:
    """By which a row is known whose product was requested, beside the key by which its client is."""
    return f"{key}\n{product}"


def key_of(own: str | None, reference: str | None, email: str) -> str:
    """By what a row is known: its own key, else the client's reference, else its e-mail; the kinds do not meet."""
    if own is not None:
        return f"{ROW_KEY}:{own}"
    return f"{EMAIL}:{email.casefold()}" if reference is None else f"{REFERENCE}:{reference}"


def _key(given: Mapping[str, str], profile: Profile, faults: list[Fault]) -> str:
    if len(given.get(ROW_KEY, "")) > MOST_ROW_KEY_CHARACTERS:
        problem = sentence("has more than %(most)s characters", most=MOST_ROW_KEY_CHARACTERS)
        faults.append(_fault(ROW_KEY, problem))
    return key_of(given.get(ROW_KEY), profile.reference, profile.email)


def _profile(
    given: Mapping[str, str],
    numbers: Mapping[str, int | None],
    attributes: Mapping[str, str | int | float | bool],
    *,
    is_reference_ours: bool,
) -> Profile:
    return Profile(
        first_name=given["first_name"],
        last_name=given["last_name"],
        email=given["email"],
        birth_date=given["birth_date"],
        address=Address(
            street_line1=given["address.street_line1"],
            city=given["address.city"],
            country=given[_COUNTRY],
            street_line2=given.get("address.street_line2"),
            postal_code=given.get("address.postal_code"),
            state=given.get("address.state"),
        ),
        second_name=given.get("second_name"),
        phone_country_code=numbers["phone_country_code"],
        phone_number=numbers["phone_number"],
        attributes=attributes,
        reference=given.get(REFERENCE) if is_reference_ours else None,
    )


def _judgeable(
    values: Mapping[str, str | int | float | bool], given: Mapping[str, str], declared: Mapping[str, Field]
) -> dict[str, str | int | float | bool]:
    """Without what is judged by a country that is not there."""
    has_country = _COUNTRY in given
    return {n: value for n, value in values.items() if has_country or declared[n].data_type is not DataType.TAX_ID}


def _number(name: str, given: Mapping[str, str], faults: list[Fault]) -> int | None:
    if name not in given:
        return None
    if _WHOLE.fullmatch(given[name]):
        return int(given[name])
    faults.append(_wrong_type(name, N_("a whole number")))
    return None


def value_of(declared: Field, cell: str, faults: list[Fault]) -> str | int | float | bool | None:
    """A cell as the attribute's type; amounts stay texts, exactly as they were written."""
    match declared.data_type:
        case DataType.INTEGER:
            return _number(declared.id, {declared.id: cell}, faults)
        case DataType.BOOLEAN:
            if cell.lower() not in _BOOLEANS:
                faults.append(_wrong_type(declared.id, N_("true or false")))
            return _BOOLEANS.get(cell.lower())
    return cell


def _missing(name: str) -> Fault:
    words = sentence("%(path)s is required: %(wanted)s", path=name, wanted=spoken(N_("a text")))
    return Fault(name, "FIELD_MISSING", words)


def _wrong_type(name: str, wanted: str) -> Fault:
    return Fault(name, "FIELD_TYPE", sentence("%(path)s must be %(wanted)s", path=name, wanted=spoken(wanted)))


def _fault(name: str, problem: str) -> Fault:
    return Fault(name, "VALUE_INVALID", sentence("%(field)s %(problem)s", field=name, problem=spoken(problem)))


def twin_fault(column: str, position: int) -> Fault:
    """The fault of a row that shares with an earlier one what no two may share."""
    return Fault(
        column, "DUPLICATE_CLIENT", sentence("row %(row)s has the same %(column)s", row=position, column=column)
    )
