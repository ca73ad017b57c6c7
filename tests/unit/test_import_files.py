"""Files of imports: what is read of them, what is refused, and what no spreadsheet takes for a formula."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ostiary.domain.catalogue.catalogue import DataType, Field
from ostiary.domain.errors import InvalidRequest, InvalidState
from ostiary.domain.imports import bulk as limits
from ostiary.domain.imports import csv_file
from ostiary.domain.imports.bulk import BulkImport, FileForm, ImportState, RowState, cancelled, started
from ostiary.domain.imports.columns import RowContent, demand_columns, key_cells, known_columns, row_content, template
from ostiary.domain.imports.csv_file import form_of, neutral, restored, rows_of, text_of, written
from ostiary.domain.value import replace

DECLARED = {
    "income": Field("income", "Income", DataType.DECIMAL),
    "children": Field("children", "Children", DataType.INTEGER),
    "is_resident": Field("is_resident", "Resident", DataType.BOOLEAN),
    "tax_id": Field("tax_id", "Tax id", DataType.TAX_ID),
}
HEAD = ("first_name", "last_name", "email", "birth_date", "address.street_line1", "address.city", "address.country")
CELLS = ("Ana", "Barber", "ana@example.com", "1984-11-21", "Calle 1", "Rosario", "ARG")


def read(content: bytes) -> list[tuple[int, list[str]]]:
    text = text_of(content)
    return list(rows_of(text, form_of(text)))


@pytest.mark.parametrize(
    ("content", "form", "rows"),
    [
        (b"a,b\n1,2\n", FileForm(("a", "b")), [(1, ["1", "2"])]),
        ("\ufeffa;b\r\n1;2\r\n".encode(), FileForm(("a", "b"), ";"), [(1, ["1", "2"])]),
        (b'a, b\n" x ","y\nz"\n', FileForm(("a", "b")), [(1, ["x", "y\nz"])]),
        (b"a,b\n\n,\n1\n", FileForm(("a", "b")), [(1, ["1", ""])]),
        (b"a,b\n'=1,'x\n", FileForm(("a", "b")), [(1, ["=1", "'x"])]),
        (b"a\n", FileForm(("a",)), []),
    ],
)
def test_files_are_read_as_spreadsheets_write_them(
    content: bytes, form: FileForm, rows: list[tuple[int, list[str]]]
) -> None:
    assert form_of(text_of(content)) == form
    assert read(content) == rows


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"a,b\n1,\xff\n", "the file must be UTF-8, and is not in line 2: save it as CSV UTF-8"),
        (b"a,b\n1,\0\n", "the file has a NUL in line 2, which no text has"),
        (b"", "the file is empty: the first line names the columns"),
        (b",,\n1,2,3\n", "the file is empty: the first line names the columns"),
        (b"a," * 200 + b"a\n", "the file has 201 columns; at most 200 are taken"),
        (b"a,b\n1,2,3\n", "the file has 3 cells in row 1, and there are 2 columns: put texts with commas in quotes"),
        (b'a,b\n1,"2\n', "the file is no CSV at line 2: a quote is open, or stands within a cell"),
        (b'a,b\n1,"' + b"x\n" * 100_000, "the file is no CSV at line"),
        (b'a,b\n"1"2,3\n', "the file is no CSV at line 2: a quote is open, or stands within a cell"),
        (b"," * 262_145, "the file has a row of more than 262,144 characters"),
        (b"a\n" + b'"x\n",' * 60_000, "the file has a row of more than 262,144 characters"),
        (b"a\n" + b"x" * 4_001, "the file has more than 4,000 characters in a of row 1: a quote may be left open"),
    ],
)
def test_a_file_that_is_none_is_refused_with_what_would_be_right(content: bytes, problem: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        read(content)
    [fault] = refused.value.faults
    assert (fault.field, fault.code) == ("file", "VALUE_INVALID")
    assert fault.message.startswith(problem)


def test_a_file_with_too_many_rows_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_file, "MOST_ROWS", 2)
    with pytest.raises(InvalidRequest) as refused:
        read(b"a\n1\n2\n3\n")
    assert refused.value.faults[0].message == "the file has more than 2 rows: send several files"


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("=1+1", "'=1+1"),
        ("+54", "'+54"),
        ("-1", "'-1"),
        ("@x", "'@x"),
        ("\tx", "'\tx"),
        ("'=1", "''=1"),
        ("O'x", "O'x"),
    ],
)
def test_cells_that_would_be_formulas_begin_with_an_apostrophe(cell: str, shown: str) -> None:
    assert neutral(cell) == shown
    assert restored(shown) == cell


@given(st.text(alphabet="'=+-@\t\rax,;\"\n", max_size=8))
def test_what_is_neutral_is_no_formula_and_comes_back(cell: str) -> None:
    assert neutral(cell)[:1] not in {"=", "+", "-", "@", "\t", "\r"}
    assert restored(neutral(cell)) == cell


@given(
    st.lists(st.text(alphabet="'=+-@ax,;\"\n", max_size=6).map(str.strip), min_size=2, max_size=2),
    st.sampled_from(",;"),
)
def test_what_is_written_is_read_again(cells: list[str], delimiter: str) -> None:
    content = written(FileForm(("a", "b"), delimiter), [cells])
    assert read(content) == ([(1, cells)] if any(cells) else [])


def test_a_template_has_every_column() -> None:
    form = template(DECLARED)
    assert form.columns == known_columns(DECLARED)
    assert {"row_key", "reference", "product", "address.state", "income"} <= set(form.columns)
    demand_columns(form, DECLARED)


def test_columns_that_are_unknown_missing_or_there_twice_are_named_together() -> None:
    form = FileForm(("first_nam", "last_name", "email", "email", "import_row", "zzzz", *HEAD[3:]))
    with pytest.raises(InvalidRequest) as refused:
        demand_columns(form, DECLARED)
    shown = {(fault.field, fault.code): str(fault.message) for fault in refused.value.faults}
    assert shown["first_nam", "FIELD_UNKNOWN"] == "first_nam is not known; did you mean first_name?"
    assert shown["zzzz", "FIELD_UNKNOWN"].startswith("zzzz is not known; known: row_key, first_name")
    assert shown["email", "FIELD_REPEATED"] == "this column is there more than once"
    assert shown["first_name", "FIELD_MISSING"] == "first_name is required: a text"
    assert len(shown) == 4


def content_of(declared: dict[str, Field] = DECLARED, /, **more: str) -> RowContent:
    names = {name.replace("__", "."): value for name, value in more.items()}
    given_cells = {**dict(zip(HEAD, CELLS, strict=True)), **names}
    return row_content(FileForm(tuple(given_cells)), tuple(given_cells.values()), declared)


def test_a_row_says_what_a_body_says() -> None:
    content = content_of(
        second_name="Eva",
        phone_country_code="+54",
        phone_number="1123456789",
        address__state="ARG-B",
        reference="r-1",
        income="12.50",
        children="2",
        is_resident="TRUE",
        tax_id="20-1",
        product="cards",
        import_faults="old",
    )
    profile = content.profile
    assert (profile.second_name, profile.phone_country_code, profile.phone_number) == ("Eva", 54, 1123456789)
    assert (profile.address.state, profile.reference) == ("ARG-B", "r-1")
    assert profile.attributes == {"income": "12.50", "children": 2, "is_resident": True, "tax_id": "20-1"}
    assert content.product == "cards"
    assert content.faults == ()


@pytest.mark.parametrize(
    ("more", "key"),
    [
        ({"row_key": "7", "reference": "r"}, "row_key:7"),
        ({"reference": "r"}, "reference:r"),
        ({"email": "Ana@Example.com"}, "email:ana@example.com"),
    ],
)
def test_a_row_is_known_by_its_key_or_reference_or_e_mail(more: dict[str, str], key: str) -> None:
    assert content_of(**more).key == key


@pytest.mark.parametrize(
    ("more", "faults"),
    [
        ({"email": ""}, {"email": "email is required: a text"}),
        (
            {"address__country": "", "address__state": "ARG-B", "tax_id": "x"},
            {"address.country": "address.country is required: a text"},
        ),
        (
            {"phone_country_code": "x", "phone_number": "1"},
            {"phone_country_code": "phone_country_code must be a whole number"},
        ),
        ({"children": "two"}, {"children": "children must be a whole number"}),
        ({"is_resident": "yes"}, {"is_resident": "is_resident must be true or false"}),
        ({"row_key": "x" * 101}, {"row_key": "row_key has more than 100 characters"}),
    ],
)
def test_faults_of_form_are_those_of_a_body(more: dict[str, str], faults: dict[str, str]) -> None:
    content = content_of(**more)
    assert {fault.field: str(fault.message) for fault in content.faults} == faults
    assert "tax_id" not in content.profile.attributes


def test_an_attribute_called_reference_is_the_catalogues() -> None:
    declared = {"reference": Field("reference", "Reference", DataType.STRING)}
    content = content_of(declared, reference="r")
    assert content.profile.reference is None
    assert content.profile.attributes == {"reference": "r"}
    assert known_columns(declared).count("reference") == 1
    form = FileForm(("email", "reference"))
    assert list(key_cells(form, ("A@x", "r"), declared)) == [("email", "a@x")]
    assert list(key_cells(form, ("A@x", ""), DECLARED)) == [("email", "a@x")]
    assert list(key_cells(form, ("", "r"), DECLARED)) == [("reference", "r")]


BULK = BulkImport("id", "company", ImportState.CHECKED, "key:1", FileForm(("a",)), 1)


def test_only_what_is_checked_is_started_and_only_what_is_not_over_is_cancelled() -> None:
    assert started(BULK).state is ImportState.RUNNING
    for state in ImportState:
        moved = replace(BULK, state=state)
        if state is not ImportState.CHECKED:
            with pytest.raises(InvalidState, match=f"This import is {state}: only one that is checked"):
                started(moved)
        if state in limits.OPEN:
            assert cancelled(moved, 5).ended_at_ms == 5
        else:
            with pytest.raises(InvalidState, match=f"This import is {state}: there is nothing to cancel"):
                cancelled(moved, 5)


def test_rows_are_counted_by_state() -> None:
    bulk = replace(BULK, counts={RowState.GOOD: 2, RowState.FAULTY: 1})
    assert (bulk.total, bulk.count(RowState.GOOD, RowState.DONE), bulk.count(RowState.DONE)) == (3, 2, 0)
