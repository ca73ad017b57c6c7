"""The catalogue file: what is accepted, and for everything that is not, the place and the words."""

from __future__ import annotations

import re
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from ostiary.adapters.config import catalogue_file, yaml_nodes
from ostiary.domain.catalogue.catalogue import BUILT_IN_ATTRIBUTES, Catalogue, DataType, Policy
from ostiary.domain.errors import CatalogueInvalid
from ostiary.domain.mrz.zone import Format

PRODUCT = "products: {cards: {name: Cards}}\n"
"""Line 1 of most faulty files; the fault is in line 2 or below."""
SHORT = """\
attributes:
  purpose: {name: Purpose, type: ENUM, options: [save, spend]}
  salary: {name: Salary, type: DECIMAL}
document_types:
  passport: {name: Passport}
  visa: {name: Visa}
products:
  cards:
    name: Cards
"""
"""Nine lines; what a requirement gets wrong stands from line 10 on."""
DATA = SHORT + "    data:\n      info:\n        name: Info\n        fields: "
DOCUMENTS = SHORT + "    documents:\n      identity:\n        name: Identity\n        one_of: "

NUMBERED = "metadata: {number: {name: Number, type: STRING}}"
READ = SHORT.replace("{name: Visa}", f"{{name: Visa, {NUMBERED}}}")
"""With a type that could be read."""

BOMB = "a: &a [x,x,x,x,x,x,x,x]\n" + "".join(f"{b}: &{b} [{f'*{a},' * 8}]\n" for a, b in ("ab", "bc", "cd", "de", "ef"))
"""A "billion laughs" in small: each line repeats the one before eight times."""


def attribute(declaration: str) -> str:
    return f"{PRODUCT}attributes:\n  job: {declaration}\n"


def document_type(declaration: str) -> str:
    return f"{PRODUCT}document_types:\n  visa: {declaration}\n"


FAULTY = [
    # source, line:column, code, part of the message
    ("", "1:1", "missing_key", "at least 'products:'"),
    ("{}", "1:1", "missing_key", "needs 'products'"),
    ("products: {}", "1:11", "missing_key", "at least one product"),
    (attribute("{name: {en: Job, fr: Travail}, type: STRING}"), "3:25", "unknown_language", "known are: en, es, pt"),
    ("just a text", "1:1", "wrong_type", "must be a mapping: key: value, with the keys attributes, document_types"),
    ("products: [cards]", "1:11", "wrong_type", "must be a mapping: id: {...}"),
    ("products: {cards: }", "1:12", "wrong_type", "must be a mapping"),
    (PRODUCT + "product: {}", "2:1", "unknown_key", "unknown key 'product'; did you mean 'products'?"),
    (PRODUCT + "zzz: {}", "2:1", "unknown_key", "known are: attributes, document_types, terms, products"),
    (PRODUCT + PRODUCT, "2:1", "duplicate_key", "already given in line 1"),
    ("products: {cards: {name: A}, cards: {name: B}}", "1:30", "duplicate_key", "keep one"),
    ("products: {no: {name: A}}", "1:12", "wrong_type", "in quotes"),
    ("products: {[a]: {name: A}}", "1:12", "wrong_type", "must be a plain name"),
    ("products: {Cards: {name: A}}", "1:12", "bad_id", "1 to 64 lower-case letters"),
    ("products: {1a: {name: A}}", "1:12", "bad_id", "a letter first"),
    (f"products: {{{'a' * 65}: {{name: A}}}}", "1:12", "bad_id", "1 to 64"),
    # YAML itself
    ("products:\n\tcards: {}", "2:1", "yaml", "indent with spaces, not tabs"),
    ("products: a: b", "1:12", "yaml", "needs quotes"),
    ("products: *gone", "1:11", "yaml", "needs its anchor"),
    ("products: &a {cards: *a}", "1:22", "yaml", "cannot contain itself"),
    (PRODUCT + "---\n" + PRODUCT, "2:1", "yaml", "one document"),
    ("products: \x07", "1:11", "yaml", "not allowed in YAML"),
    ("products: " + "[" * 2_000, "1:22", "yaml", "nested deeper than 12 levels"),
    ("products: !!python/object/apply:os.system ['true']", "1:11", "wrong_type", "must be a mapping"),
    (f"products: [{'x, ' * yaml_nodes.MOST_NODES}]", "1:60009", "yaml", "more than 20000 entries"),
    (BOMB, "5:17", "yaml", "counting what aliases repeat"),
    (" " * (yaml_nodes.MOST_BYTES + 1), "1:1", "too_large", "at most 256 KiB"),
    # attributes
    (attribute("{type: STRING}"), "3:3", "missing_key", "needs 'name'"),
    (attribute("{name: Job}"), "3:3", "missing_key", "needs 'type'"),
    (attribute("{name: 12, type: STRING}"), "3:15", "wrong_type", "must be a text; put it in quotes"),
    (attribute("{name: [a], type: STRING}"), "3:15", "wrong_type", "must be a text"),
    (attribute("{name: ' ', type: STRING}"), "3:15", "wrong_length", "1 to 500 characters; it has 0"),
    (attribute(f"{{name: {'x' * 501}, type: STRING}}"), "3:15", "wrong_length", "it has 501"),
    (attribute("{name: Job, type: TEXT}"), "3:26", "unknown_choice", "'TEXT' is not one of STRING, INTEGER"),
    (attribute("{name: Job, type: STRIN}"), "3:26", "unknown_choice", "did you mean 'STRING'?"),
    (attribute("{name: Job, type: PHONE}"), "3:26", "unknown_choice", "'PHONE' is not one of"),
    (attribute("{name: Job, type: STRING, required: true}"), "3:34", "unknown_key", "unknown key 'required'"),
    (attribute("{name: Job, type: STRING, patern: x}"), "3:34", "unknown_key", "did you mean 'pattern'?"),
    (attribute("{name: Job, type: ENUM}"), "3:26", "options_missing", "ENUM needs 'options'"),
    (attribute("{name: Job, type: ENUM, options: []}"), "3:41", "wrong_type", "at least one item"),
    (attribute("{name: Job, type: ENUM, options: [a, no]}"), "3:45", "wrong_type", "put it in quotes"),
    (attribute("{name: Job, type: ENUM, options: [a, b, a]}"), "3:48", "duplicate_item", "already in the list"),
    (attribute("{name: Job, type: STRING, options: [a]}"), "3:43", "needless_key", "'options' is for ENUM"),
    (attribute("{name: Job, type: DATE, pattern: a}"), "3:41", "needless_key", "is for STRING, EMAIL, TAX_ID"),
    (attribute("{name: Job, type: DATE, max_length: 4}"), "3:44", "needless_key", "DATE has no use for it"),
    (attribute("{name: Job, type: STRING, minimum: 4}"), "3:43", "needless_key", "is for INTEGER, DECIMAL"),
    (attribute("{name: Job, type: STRING, max_length: 501}"), "3:46", "wrong_number", "from 1 to 500"),
    (attribute("{name: Job, type: STRING, min_length: '1'}"), "3:46", "wrong_number", "whole number from 0 to 500"),
    (attribute("{name: Job, type: STRING, min_length: 9, max_length: 3}"), "3:61", "empty_range", "min_length, 9"),
    (attribute("{name: Job, type: DECIMAL, minimum: .inf}"), "3:44", "wrong_number", "written with digits"),
    (attribute("{name: Job, type: DECIMAL, minimum: 9.5, maximum: 3}"), "3:58", "empty_range", "below minimum, 9.5"),
    (attribute("{name: Job, type: STRING, pattern: 'ab(c'}"), "3:46", "pattern_invalid", "not a regular expression"),
    (attribute("{name: Job, type: STRING, pattern: '(a+)+b'}"), "3:43", "pattern_costly", "very long"),
    (attribute("{name: Job, type: STRING, pattern: [0-9]}"), "3:43", "wrong_type", "must be a text"),
    (f"{PRODUCT}attributes:\n  email: {{name: E, type: EMAIL}}", "3:3", "name_taken", "every client has"),
    (f"{PRODUCT}attributes:\n  reference: {{name: R, type: STRING}}", "3:3", "name_taken", "every client has"),
    (f"{PRODUCT}attributes:\n  in: {{name: I, type: STRING}}", "3:3", "name_taken", "condition language"),
    # document types
    (document_type("{}"), "3:3", "missing_key", "needs 'name'"),
    (document_type("{name: V, sides: back}"), "3:26", "unknown_choice", "front, front_and_back"),
    (document_type("{name: V, unique: 1}"), "3:27", "wrong_type", "true or false"),
    (document_type("{name: V, unique: true}"), "3:27", "detail_missing", "told apart by its 'number'"),
    (document_type("{name: V, unique: true, metadata: {number: {name: N, type: STRING, required: false}}}"),
     "3:27", "detail_missing", "declare it, required"),
    (document_type("{name: V, issuing_countries: [ARG]}"), "3:38", "detail_missing", "'issuing_country'"),
    (document_type("{name: V, issuing_countries: [AR], metadata: {issuing_country: {name: I, type: COUNTRY}}}"),
     "3:39", "unknown_country", "must have three letters: ARG"),
    (document_type("{name: V, metadata: {expiration_date: {name: E, type: STRING}}}"),
     "3:63", "wrong_data_type", "'expiration_date' must be of type DATE"),
    (document_type("{name: V, metadata: {issuing_country: {name: E, type: STRING}}}"),
     "3:63", "wrong_data_type", "must be of type COUNTRY"),
    (document_type("{name: V, metadata: {number: {name: E, type: INTEGER}}}"),
     "3:54", "wrong_data_type", "must be of type STRING"),
    (document_type(f"{{name: V, metadata: {{{', '.join(f'd{n}: {{name: D, type: STRING}}' for n in range(51))}}}}}"),
     "3:29", "too_many", "at most 50"),
    (document_type(f"{{name: V, machine_readable: [TD3, TD4], {NUMBERED}}}"), "3:43", "unknown_choice", "mean 'TD3'?"),
    (document_type("{name: V, machine_readable: [mrva]}"), "3:38", "unknown_choice", "did you mean 'MRV-A'?"),
    (document_type("{name: V, machine_readable: [QR]}"), "3:38", "unknown_choice", "TD3, MRV-A, MRV-B, FRA-ID, AAMVA"),
    (document_type("{name: V, machine_readable: TD3}"), "3:37", "wrong_type", "list with at least one item"),
    (document_type("{name: V, machine_readable: []}"), "3:37", "wrong_type", "list with at least one item"),
    (document_type("{name: V, always_machine_readable: true, machine_readable: []}"), "3:68", "wrong_type", "list"),
    (document_type(f"{{name: V, machine_readable: [TD1, TD1], {NUMBERED}}}"), "3:43", "duplicate_item", "keep one"),
    (document_type("{name: V, machine_readable: [TD3]}"), "3:37", "detail_missing", "metadata 'number'"),
    (document_type(f"{{name: V, machine_readable: [TD3], document_codes: [P<], {NUMBERED}}}"), "3:61", "bad_code", ""),
    (document_type("{name: V, always_machine_readable: true}"), "3:44", "forms_missing", "machine_readable: [TD3]"),
    (document_type("{name: V, always_machine_readable: maybe}"), "3:44", "wrong_type", "true or false"),
    # products
    ("products: {cards: {name: A, policy: automatic}}", "1:37", "unknown_choice", "auto, proven, assisted, manual"),
    ("products: {cards: {name: A, policy: Manual}}", "1:37", "unknown_choice", "did you mean 'manual'?"),
    ("products: {cards: {name: A, minimum_age: 121}}", "1:42", "wrong_number", "from 0 to 120"),
    ("products: {cards: {description: A}}", "1:12", "missing_key", "needs 'name'"),
    (DOCUMENTS + "[]", "13:17", "wrong_type", "at least one item"),
    (SHORT + "    documents: {identity: {name: I}}", "10:17", "missing_key", "needs 'one_of'"),
    (SHORT + "    data: {info: {name: I}}", "10:12", "missing_key", "needs 'fields'"),
    (SHORT + "    data: {info: {fields: [phone]}}", "10:12", "missing_key", "needs 'name'"),
    (SHORT + "    data: {minimum_age: {name: I, fields: [phone]}}", "10:12", "name_taken", "service's own groups"),
    (SHORT + "    documents: {id: {name: I, one_of: [visa]}}\n    data: {id: {name: I, fields: [phone]}}",
     "11:12", "name_taken", "already names one of the product's requirements under 'documents'"),
    (DOCUMENTS + "[pasport]", "13:18", "unknown_document_type", "did you mean 'passport'?"),
    (DOCUMENTS + "[{type: visa, when: \"country == 'ARG'\"}]", "13:17", "no_way_through", "at least one alternative"),
    (DOCUMENTS + "[visa, visa]", "13:24", "type_reused", "already serves 'identity'"),
    (DOCUMENTS + "[visa]\n      other: {name: O, one_of: [passport, visa]}", "14:43", "type_reused", "one requirement"),
    (DOCUMENTS + "[{when: \"country == 'ARG'\"}]", "13:18", "missing_key", "needs 'type'"),
    (DATA + "[salry]", "13:18", "unknown_attribute", "did you mean 'salary'?"),
    (DATA + "[first_name]", "13:18", "needless_field", "every client has 'first_name'"),
    (DATA + "[phone, salary, phone]", "13:33", "duplicate_item", "already asked for"),
    (DATA + "[{key: salary, if: x}]", "13:32", "unknown_key", "known are: key, when"),
    # entries that start later
    (DOCUMENTS + "[visa]\n        from: 2027-02-30", "14:15", "wrong_date", "as 2027-07-10"),
    (DATA + "[{key: phone, from: [2027]}]", "13:37", "wrong_date", "a day of the calendar"),
    (DATA + "[{key: phone, for: all}]", "13:36", "start_missing", "from: 2027-07-10"),
    (DATA + "[{key: phone, from: 2027-07-10, for: old}]", "13:54", "unknown_choice", "new, all"),
    (DOCUMENTS + "[{type: visa, from: 2027-07-10}]", "13:17", "no_way_through", "no 'when' and no 'from'"),
    ("products: {cards: {name: A, needs: [acounts]}, accounts: {name: B}}", "1:37", "unknown_product", "'accounts'"),
    ("products: {cards: {name: A, needs: [cards]}}", "1:37", "needs_circular", "cards needs cards"),
    # conditions, placed within the file
    (DATA + "[{key: phone, when: contry == 'ARG'}]", "13:37", "condition_invalid", "did you mean country?"),
    (DATA + "[{key: phone, when: age > 3 && salary > 5}]", "13:55", "condition_invalid", "write 50000.0, not 50000"),
    (DATA + "[{key: phone, when: \"age > '3'\"}]", "13:42", "condition_invalid", "without quotes"),
    (DATA + "\n          - key: phone\n            when: >-\n              age > 3 &&\n              agee > 4",
     "17:15", "condition_invalid", "did you mean age?"),
    (DATA + "\n          - key: phone\n            when: |\n\n              age > 3 &&\n                agee > 4",
     "18:17", "condition_invalid", "did you mean age?"),
    (DATA + "[{key: phone, when: 'country == ''ARG'' && agee > 3'}]", "13:60", "condition_invalid", "did you mean"),
    (DATA + '[{key: phone, when: "country == \\"ARG\\" && agee > 3"}]', "13:60", "condition_invalid", "did you mean"),
    (DATA + "[{key: phone, when: age}]", "13:37", "condition_invalid", "must be true or false"),
    (DATA + "[{key: phone, when: age >}]", "13:41", "condition_invalid", "Syntax error"),
    (DATA + "[{key: phone, when: true}]", "13:37", "wrong_type", "put it in quotes"),
    (DATA + "[{key: phone, when: 'true'}]", "13:37", "condition_constant", "reads no attribute"),
    (DATA + "[{key: phone, when: country == 'AR'}]", "13:37", "condition_never", "three letters: ARG"),
    (DATA + "[{key: phone, when: \"country.matches('^(?=A)')\"}]", "13:53", "condition_impossible",
    "invalid perl operator"),
    (DATA + "[{key: phone, when: age > 3 && 1 / 0 == age}]", "13:50", "condition_impossible", "divide by zero"),
    (DATA + "[{key: phone, when: \"purpose in ['save', 'spent']\"}]", "13:37", "condition_never", "mean 'spend'?"),
    (DATA + "[{key: purpose, when: purpose == 'save'}]", "13:24", "condition_circular", "read another attribute"),
    (DATA + "[phone]\n        when: agee > 3", "14:15", "condition_invalid", "did you mean age?"),
    (DOCUMENTS + "[{type: visa, when: agee > 3}]", "13:37", "condition_invalid", "did you mean age?"),
]  # fmt: skip


@pytest.mark.parametrize(("source", "place", "code", "message"), FAULTY, ids=[f"{row[2]}-{row[1]}" for row in FAULTY])
def test_a_fault_is_told_with_its_place_and_what_would_be_right(
    source: str, place: str, code: str, message: str
) -> None:
    with pytest.raises(CatalogueInvalid) as caught:
        catalogue_file.parse(source, "mine.yaml")
    assert [(fault.field, fault.code) for fault in caught.value.faults] == [(f"mine.yaml:{place}", code)]
    assert message in caught.value.faults[0].message


def test_all_faults_are_told_at_once_in_the_order_of_the_file() -> None:
    source = DATA.replace("DECIMAL", "DECIMA").replace("Visa", "''") + "[{key: phone, when: agee > 3 || x}, nothing]"
    with pytest.raises(CatalogueInvalid) as caught:
        catalogue_file.parse(source, "mine.yaml")
    places = [fault.field.removeprefix("mine.yaml:") for fault in caught.value.faults]
    assert places == ["3:32", "6:16", "13:37", "13:49", "13:53"]
    assert caught.value.message.startswith("mine.yaml:3:32: 'DECIMA' is not one of")
    assert caught.value.message.endswith("(and 4 more)")


def test_a_faulty_attribute_is_told_once_not_again_where_it_is_used() -> None:
    source = DATA.replace("DECIMAL", "MONEY") + "[salary, {key: phone, when: salary > 3.0}]"
    with pytest.raises(CatalogueInvalid) as caught:
        catalogue_file.parse(source, "mine.yaml")
    assert [fault.code for fault in caught.value.faults] == ["unknown_choice"]


def test_a_faulty_part_that_aliases_repeat_is_told_once() -> None:
    source = "products:\n  a: &a {name: A, minimum_age: old}\n  b: *a\n"
    with pytest.raises(CatalogueInvalid) as caught:
        catalogue_file.parse(source, "mine.yaml")
    assert [fault.field for fault in caught.value.faults] == ["mine.yaml:2:32"]


def test_the_number_of_faults_told_is_bounded() -> None:
    source = PRODUCT + "".join(f"key{n}: 1\n" for n in range(200))
    with pytest.raises(CatalogueInvalid) as caught:
        catalogue_file.parse(source, "mine.yaml")
    assert len(caught.value.faults) == yaml_nodes.MOST_FAULTS


DEFAULT = catalogue_file.parse(catalogue_file.default_source(), "default")


def test_cards_ask_for_an_identity_document_and_a_phone() -> None:
    cards = DEFAULT.products["cards_individuals"]
    assert cards.minimum_age is None
    (identity,) = cards.documents
    assert (identity.id, identity.name) == ("identity_document", "Identity document")
    types = [
        (document_type.id, document_type.require_back_image, document_type.unique)
        for document_type in cards.document_types()
    ]
    assert types == [("passport", False, True), ("national_id", True, True), ("drivers_license", True, True)]
    (personal,) = cards.data
    assert personal.description == "Personal information needed for KYC"
    assert [field.field for field in personal.fields] == [BUILT_IN_ATTRIBUTES["phone"]]


@pytest.mark.parametrize(
    "number", ["AB1234567", "30123456", "REJECT01", "RETRY001", "SLOW0001", "ZZ9191919", "12.345.678-K"]
)
def test_usual_document_numbers_are_accepted(number: str) -> None:
    field = DEFAULT.document_types["passport"].metadata[0]
    assert (field.id, field.name, field.data_type, field.required) == (
        "number",
        "Document Number",
        DataType.STRING,
        True,
    )
    assert field.pattern is not None
    assert re.fullmatch(field.pattern, number)
    assert (field.min_length or 0) <= len(number) <= (field.max_length or 0)


@pytest.mark.parametrize(
    ("salary", "volume", "asked"),
    [(100.0, 100.0, False), (150_000.0, 0.0, True), (0.0, 20_000.0, True)],
)
def test_the_source_of_funds_is_asked_for_large_amounts(salary: float, volume: float, asked: bool) -> None:
    profile = DEFAULT.products["accounts_individuals"].data[1]
    condition = next(field.condition for field in profile.fields if field.key == "source_of_funds")
    assert condition is not None
    assert condition.attributes == {"annual_salary", "expected_monthly_volume"}
    assert condition.holds({"annual_salary": Decimal(salary), "expected_monthly_volume": volume}) is asked


def test_loading_gives_the_same_as_parsing_and_keeps_the_source(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.yaml"
    path.write_text(catalogue_file.default_source(), "utf-8")
    loaded = catalogue_file.load(path)
    assert loaded == DEFAULT
    assert loaded.source == catalogue_file.default_source()


@pytest.mark.parametrize(("content", "place", "code"), [
    (None, "1:1", "unreadable"),
    (b"products:\n  \xff: {}", "2:3", "unreadable"),
    (b" " * (yaml_nodes.MOST_BYTES + 10), "1:1", "too_large"),
])  # fmt: skip
def test_a_file_that_cannot_be_read_is_a_fault(tmp_path: Path, content: bytes | None, place: str, code: str) -> None:
    path = tmp_path / "catalogue.yaml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(CatalogueInvalid) as caught:
        catalogue_file.load(path)
    assert [(fault.field, fault.code) for fault in caught.value.faults] == [(f"{path}:{place}", code)]


def test_forms_and_policy_are_as_declared() -> None:
    source = READ.replace("name: Visa", "name: Visa, machine_readable: [MRV-A, MRV-B], always_machine_readable: yes")
    catalogue = catalogue_file.parse(source + "    policy: manual", "mine.yaml")
    visa = catalogue.document_types["visa"]
    assert (visa.machine_readable, visa.always_machine_readable) == (frozenset({Format.MRV_A, Format.MRV_B}), True)
    assert catalogue.products["cards"].policy is Policy.MANUAL


def test_a_type_and_a_product_that_say_nothing_are_not_read_and_assisted() -> None:
    catalogue = catalogue_file.parse(SHORT, "mine.yaml")
    visa = catalogue.document_types["visa"]
    assert (visa.machine_readable, visa.always_machine_readable) == (frozenset(), False)
    assert catalogue.products["cards"].policy is Policy.ASSISTED


def test_an_anchor_can_be_repeated() -> None:
    catalogue: Catalogue = catalogue_file.parse("products:\n  a: &a {name: A}\n  b: *a\n", "mine.yaml")
    assert [product.name for product in catalogue.products.values()] == ["A", "A"]


def test_importing_the_module_does_not_import_the_engines() -> None:
    heavy = "{'cel_expr_python', 'pycountry', 'phonenumbers', 'email_validator', 'stdnum', 'idna'}"
    ours = "ostiary.adapters.config.catalogue_file, ostiary.adapters.lookups.rules"
    code = f"import sys, {ours}; print({heavy} & set(sys.modules))"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "set()"
