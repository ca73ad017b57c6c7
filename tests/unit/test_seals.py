"""Seals on paper: what a 2D-Doc says, how it can be malformed, and the rules by which one makes a look needless."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from ostiary.domain.chip.reading import RevocationState, SignatureState
from ostiary.domain.documents.reading import Judgement, ReadingOutcome, Result
from ostiary.domain.onboarding.review_reasons import ReviewReason
from ostiary.domain.seals.reading import SealCheck, SealSigner
from ostiary.domain.seals.statement import SealStatement, statement_of
from ostiary.domain.seals.two_d_doc import MOST_SEAL_CHARACTERS, Seal, SealMalformed, looks_like_seal, parse_seal
from ostiary.domain.verification.seal_rules import SEAL_RULES, SealCase, judge_paper, judge_seal, unread_seal
from tests.material import TODAY, profile

GS, RS, US = "\x1d", "\x1e", "\x1f"
SIGNATURE = base64.b32encode(bytes(range(64))).decode().rstrip("=")
DAY = {"2026-03-01": "2556", "2026-02-16": "2549", "none": "FFFF"}


def days(day: date) -> str:
    return f"{(day - date(2000, 1, 1)).days:04X}"


ISSUED = days(date(2026, 3, 1))
FIELDS = f"26FR247500110MME/BARBER/MARIA{GS}2212 RUE DES LILAS{GS}25PARIS{GS}"


def sealed(fields: str = FIELDS, *, head: str = "DC04FR03EDF1", kind: str = "01", issued: str = ISSUED) -> str:
    return f"{head}{issued}{ISSUED}{kind}01FR{fields}{US}{SIGNATURE}"


# ---- as text --------------------------------------------------------------------------------------------------------


def test_a_seal_says_who_signed_it_when_and_what() -> None:
    seal = parse_seal(sealed())
    assert (seal.version, seal.authority, seal.certificate, seal.kind, seal.perimeter) == (
        4,
        "FR03",
        "EDF1",
        "01",
        "01",
    )
    assert (seal.issued, seal.signed_on) == (date(2026, 3, 1), date(2026, 3, 1))
    assert seal.fields == {"26": "FR", "24": "75001", "10": "MME/BARBER/MARIA", "22": "12 RUE DES LILAS", "25": "PARIS"}
    assert (seal.cut, seal.unknown, seal.signature) == (frozenset(), "", bytes(range(64)))
    assert seal.signed.decode() == sealed().partition(US)[0]


@pytest.mark.parametrize(
    ("text", "header"),
    [
        (f"DC02FR03EDF1{ISSUED}{ISSUED}01{FIELDS}{US}{SIGNATURE}", (2, "01")),
        (f"DC03FR03EDF1{ISSUED}{ISSUED}0102{FIELDS}{US}{SIGNATURE}", (3, "02")),
    ],
)
def test_earlier_versions_have_shorter_headers(text: str, header: tuple[int, str]) -> None:
    seal = parse_seal(text)
    assert ((seal.version, seal.perimeter), seal.value("24"), seal.value("99")) == (header, "75001", "")


@pytest.mark.parametrize(
    ("fields", "values", "cut", "unknown"),
    [
        ("", {}, "", ""),
        (f"24{GS}26FR", {"24": "", "26": "FR"}, "", ""),
        (f"2475001{GS}26FR{GS}", {"24": "75001", "26": "FR"}, "", ""),
        (f"22{'A' * 38}26FR", {"22": "A" * 38, "26": "FR"}, "", ""),
        (f"22{'A' * 38}{GS}26FR", {"22": "A" * 38, "26": "FR"}, "", ""),
        (f"2212 RUE{RS}26FR", {"22": "12 RUE", "26": "FR"}, "22", ""),
        ("2212 RUE", {"22": "12 RUE"}, "", ""),
        (f"26FRZZ1234{GS}2475001", {"26": "FR"}, "", "ZZ"),
        ("26FR2", {"26": "FR"}, "", "2"),
        (f"01{'7' * 200}{GS}26FR", {"01": "7" * 200, "26": "FR"}, "", ""),
    ],
)
def test_fields_end_by_their_length_or_a_separator(fields: str, values: dict[str, str], cut: str, unknown: str) -> None:
    seal = parse_seal(sealed(fields))
    assert (dict(seal.fields), seal.cut, seal.unknown) == (values, frozenset(filter(None, [cut])), unknown)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "does not begin"),
        ("DC04" + "A" * 40, "does not begin"),
        ("DCxx" + US, "does not begin"),
        (sealed().replace("LILAS", "LILÁS"), "does not begin"),
        (sealed("01" + "A" * MOST_SEAL_CHARACTERS), "at most"),
        (sealed(head="DC01FR03EDF1"), "version 1"),
        (sealed(head="DC05FR03EDF1"), "version 5"),
        (f"DC04FR03EDF1{ISSUED}{US}{SIGNATURE}", "cut short"),
        (sealed(issued="12G4"), "a date in its header"),
        (f"DC04FR03EDF1{ISSUED}FFFF0101FR{US}{SIGNATURE}", "when it was signed"),
        (sealed() + "1", "base 32"),
        (sealed().partition(US)[0] + US, "two numbers"),
        (sealed().partition(US)[0] + US + "AA", "two numbers"),
        (sealed().partition(US)[0] + US + "A" * 240, "two numbers"),
        (sealed("26FR26DE"), "the field 26 twice"),
        (sealed(f"247500{GS}26FR"), "as long as it always is"),
        (sealed(f"22\x1b[2J{GS}"), "nobody prints"),
        (sealed(head="DC04FR\x07\x07EDF1"), "nobody prints"),
    ],
)
def test_what_is_no_seal_says_why(text: str, problem: str) -> None:
    with pytest.raises(SealMalformed, match=problem):
        parse_seal(text)


def test_what_follows_the_signature_is_dropped() -> None:
    assert parse_seal(sealed() + GS + "0CHTTP").signature == parse_seal(sealed()).signature
    assert parse_seal(sealed() + RS + "X").signature == parse_seal(sealed()).signature


def test_a_seal_is_told_by_how_it_begins() -> None:
    assert looks_like_seal(sealed())
    assert not looks_like_seal("010368" + US)
    assert not looks_like_seal("DC04 without a signature")


# ---- as a statement -------------------------------------------------------------------------------------------------


def statement(fields: str = FIELDS, **header: str) -> SealStatement:
    stated = statement_of(parse_seal(sealed(fields, **header)))
    assert stated is not None
    return stated


@pytest.mark.parametrize(
    ("fields", "residents"),
    [
        (f"10MME/BARBER/MARIA{GS}", ["BARBER MARIA"]),
        (f"10BARBER MARIA{GS}", ["BARBER MARIA"]),
        (f"10BARBER/MARIA{GS}", ["BARBER MARIA"]),
        (f"11MME{GS}12MARIA{GS}13BARBER{GS}", ["MARIA BARBER"]),
        (f"10M/BARBER/LUIS{GS}1IMME/LOPEZ/ANA{GS}", ["BARBER LUIS", "LOPEZ ANA"]),
        (f"10M/BARBER/LUIS{GS}1KANA{GS}1LLOPEZ{GS}", ["BARBER LUIS", "ANA LOPEZ"]),
        (f"14M/PAYER/PAUL{GS}", []),
    ],
)
def test_who_lives_there_is_who_receives_the_service(fields: str, residents: list[str]) -> None:
    assert list(statement(fields).residents) == residents


TAX = f"46BARBER MARIA{GS}48BARBER LUIS{GS}6U12 RUE DES LILAS{GS}6W750016XPARIS{GS}6YFR"


def test_a_tax_notice_has_its_address_in_parts_and_its_own_day() -> None:
    due = statement(f"4A15032026{TAX}", kind="28", issued="FFFF")
    assert (due.residents, due.dated) == (("BARBER MARIA", "BARBER LUIS"), date(2026, 3, 15))
    assert (due.street, due.postal_code, due.city, due.country) == ("12 RUE DES LILAS", "75001", "PARIS", "FR")
    assert statement(f"4B01042026{TAX}", kind="27", issued="FFFF").dated == date(2026, 4, 1)
    assert statement(f"4A31022026{TAX}", kind="28", issued="FFFF").dated is None
    assert statement(TAX, kind="28", issued="FFFF").dated is None


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("145 RUE JULLIARD/ZA SPECIMEN/78320/LEVIS ST NOM", ("145 RUE JULLIARD", "78320", "LEVIS ST NOM")),
        ("145 RUE JULLIARD 78320 LEVIS", ("", "", "")),
        ("78320/LEVIS ST NOM", ("", "", "")),
        ("145 RUE JULLIARD/78320", ("", "", "")),
    ],
)
def test_an_address_in_one_field_is_parted_and_names_no_country(text: str, parts: tuple[str, str, str]) -> None:
    notice = statement(f"46BARBER MARIA{GS}4Y{text}{GS}", kind="28")
    assert (notice.street, notice.postal_code, notice.city, notice.country) == (*parts, "")


@pytest.mark.parametrize("header", [{"kind": "06"}, {"kind": "L1"}])
def test_kinds_that_do_not_say_where_somebody_lives_say_nothing(header: dict[str, str]) -> None:
    assert statement_of(parse_seal(sealed(**header))) is None


def test_another_perimeter_says_nothing() -> None:
    assert statement_of(replace(parse_seal(sealed()), perimeter="02")) is None


# ---- judged ---------------------------------------------------------------------------------------------------------

SIGNER = SealSigner(
    subject="C=FR, O=EDF, CN=EDF1",
    country="FR",
    sha256="5" * 64,
    valid_from=datetime(2025, 1, 1, tzinfo=UTC),
    valid_until=datetime(2028, 1, 1, tzinfo=UTC),
    may_sign=True,
    authority="a" * 64,
)
GOOD = SealCheck(signature=SignatureState.VALID, signer=SIGNER, trust_version="0123456789abcdef")
HOME = {"street_line1": "12, rue des Lilas", "postal_code": "75 001", "city": "Paris", "country": "FRA", "state": None}


def judged(
    text: str = "", *, check: SealCheck = GOOD, address: dict[str, Any] | None = None, **changes: Any
) -> Judgement:
    """Of a case that passes; changes of the profile by their names, others of the case."""
    seal = changes.pop("seal", None) or parse_seal(text or sealed())
    names = ("first_name", "second_name", "last_name")
    of_profile = {name: changes.pop(name) for name in names if name in changes}
    usual = SealCase(
        seal=seal,
        statement=statement_of(seal),
        check=check,
        today=TODAY,
        most_days=92,
        where="image_front",
    )
    return judge_seal(replace(usual, **changes), profile(**of_profile, address=HOME | (address or {})))


def test_a_genuine_seal_of_this_client_at_this_address_passes() -> None:
    judgement = judged()
    assert (judgement.outcome, judgement.reasons, judgement.rejections) == (ReadingOutcome.PASS, (), ())
    assert [each.rule for each in judgement.compared] == list(SEAL_RULES)
    results = {each.rule: each.result for each in judgement.compared}
    assert results.pop("seal_revocation") is Result.NOT_COMPARED
    assert set(results.values()) == {Result.AGREES}
    assert {each.where for each in judgement.compared} == {"image_front"}


def test_a_list_that_does_not_name_the_signer_agrees() -> None:
    judgement = judged(check=replace(GOOD, revocation=RevocationState.NOT_LISTED))
    assert {each.result for each in judgement.compared} == {Result.AGREES}


UTOPIAN = replace(GOOD, signer=replace(SIGNER, country="ut"))
DOUBTS: list[tuple[dict[str, Any], ReviewReason]] = [
    ({"text": sealed(kind="06")}, ReviewReason.SEAL_UNREADABLE),
    ({"text": sealed(FIELDS + "ZZ1")}, ReviewReason.SEAL_UNREADABLE),
    ({"text": sealed(FIELDS.replace(f"PARIS{GS}", f"PARIS{RS}"))}, ReviewReason.SEAL_UNREADABLE),
    ({"check": replace(GOOD, signature=SignatureState.INVALID)}, ReviewReason.SEAL_INVALID),
    ({"check": replace(GOOD, signature=SignatureState.UNSUPPORTED, note="rsa")}, ReviewReason.SEAL_SIGNER_UNKNOWN),
    ({"check": replace(GOOD, signer=None)}, ReviewReason.SEAL_SIGNER_UNKNOWN),
    ({"check": SealCheck()}, ReviewReason.SEAL_SIGNER_UNKNOWN),
    ({"check": UTOPIAN}, ReviewReason.SEAL_SIGNER_WRONG),
    ({"check": replace(GOOD, signer=replace(SIGNER, may_sign=False))}, ReviewReason.SEAL_SIGNER_WRONG),
    (
        {"check": replace(GOOD, signer=replace(SIGNER, valid_until=datetime(2026, 2, 28, tzinfo=UTC)))},
        ReviewReason.SEAL_SIGNER_WRONG,
    ),
    (
        {"check": replace(GOOD, signer=replace(SIGNER, valid_from=datetime(2026, 3, 2, tzinfo=UTC)))},
        ReviewReason.SEAL_SIGNER_WRONG,
    ),
    ({"check": replace(GOOD, revocation=RevocationState.LISTED)}, ReviewReason.SEAL_SIGNER_WRONG),
    ({"text": sealed(issued="FFFF")}, ReviewReason.SEAL_AGE_DOUBTFUL),
    ({"text": sealed(issued=days(date(2026, 1, 12)))}, ReviewReason.SEAL_AGE_DOUBTFUL),
    ({"text": sealed(issued=days(date(2026, 4, 17)))}, ReviewReason.SEAL_AGE_DOUBTFUL),
    ({"first_name": "Marta"}, ReviewReason.NAME_DOUBTFUL),
    ({"last_name": "Barber Lopez"}, ReviewReason.NAME_DOUBTFUL),
    ({"first_name": "王", "last_name": "小明"}, ReviewReason.NAME_DOUBTFUL),
    ({"last_name": "123"}, ReviewReason.NAME_DOUBTFUL),
    ({"last_name": "!!"}, ReviewReason.NAME_DOUBTFUL),
    ({"first_name": "M"}, ReviewReason.NAME_DOUBTFUL),
    ({"first_name": "Barber"}, ReviewReason.NAME_DOUBTFUL),
    ({"first_name": "María 2"}, ReviewReason.NAME_DOUBTFUL),
    ({"text": sealed(FIELDS.replace("10MME/BARBER/MARIA", "14MME/BARBER/MARIA"))}, ReviewReason.NAME_DOUBTFUL),
    ({"text": sealed(FIELDS.replace("26FR", ""))}, ReviewReason.ADDRESS_DOUBTFUL),
    ({"address": {"country": "BEL"}}, ReviewReason.ADDRESS_DOUBTFUL),
    ({"address": {"country": "GLP"}}, ReviewReason.ADDRESS_DOUBTFUL),
    ({"address": {"postal_code": None}}, ReviewReason.ADDRESS_DOUBTFUL),
    ({"address": {"postal_code": "75002"}}, ReviewReason.ADDRESS_DOUBTFUL),
    ({"text": sealed(FIELDS.replace("2475001", "")), "address": {"postal_code": None}}, ReviewReason.ADDRESS_DOUBTFUL),
    ({"address": {"city": "Lyon"}}, ReviewReason.ADDRESS_DOUBTFUL),
    ({"address": {"street_line1": "21 rue des Lilas"}}, ReviewReason.ADDRESS_DOUBTFUL),
    ({"address": {"street_line1": "rue des Lilas"}}, ReviewReason.ADDRESS_DOUBTFUL),
    ({"address": {"street_line1": "12 rue des Lilas 7"}}, ReviewReason.ADDRESS_DOUBTFUL),
    ({"address": {"street_line1": "12 rue des Roses"}}, ReviewReason.ADDRESS_DOUBTFUL),
    ({"text": sealed(FIELDS.replace("12 RUE DES LILAS", "LES"))}, ReviewReason.ADDRESS_DOUBTFUL),
]


@pytest.mark.parametrize(("changes", "reason"), DOUBTS)
def test_whatever_does_not_agree_is_for_a_person(changes: dict[str, Any], reason: ReviewReason) -> None:
    judgement = judged(**changes)
    assert judgement.outcome is ReadingOutcome.REVIEW
    assert judgement.reasons == (reason.value,)
    assert judgement.rejections == ()
    doubtful = [each for each in judgement.compared if each.result is Result.DOUBTFUL]
    assert len(doubtful) == 1
    assert doubtful[0].note


def test_what_was_signed_tomorrow_is_for_a_person() -> None:
    tomorrow = replace(parse_seal(sealed()), signed_on=date(2026, 4, 17))
    assert judged(seal=tomorrow).reasons == (ReviewReason.SEAL_SIGNER_WRONG.value,)


def test_utopia_counts_in_sandboxes() -> None:
    assert judged(check=UTOPIAN, counts_specimens=True).outcome is ReadingOutcome.PASS


@pytest.mark.parametrize(
    "changes",
    [
        {"second_name": None},
        {"first_name": "María", "last_name": "BARBER"},
        {"address": {"street_line1": "12 R. DES LILAS".replace("R.", "Rue")}},
        {"address": {"street_line1": "rue des lilas", "street_line2": "12"}},
        {"address": {"city": "PARIS CEDEX 08"}},
        {"text": sealed(FIELDS.replace(f"25PARIS{GS}", ""))},
        {"text": sealed(FIELDS + f"20BAT 3{GS}"), "address": {"street_line1": "12 rue des Lilas, bâtiment 3"}},
        {"text": sealed(FIELDS.replace("12 RUE DES LILAS", "12 AV DU GAL LECLERC")),
         "address": {"street_line1": "12 avenue du Général Leclerc"}},
        {"text": sealed(FIELDS.replace("PARIS", "ST ETIENNE")), "address": {"city": "Saint-Étienne"}},
        {"text": sealed(FIELDS.replace("PARIS", "OEUF")), "address": {"city": "Œuf"}},
        {"most_days": 46, "today": date(2026, 4, 16)},
        {"text": sealed(issued=days(date(2026, 4, 16)))},
        {"text": sealed(FIELDS.replace("10MME", f"1IM/BARBER/MARIA{GS}10MME").replace("MME/BARBER/MARIA", "M/X/Y"))},
    ],
)  # fmt: skip
def test_the_same_written_otherwise_agrees(changes: dict[str, Any]) -> None:
    judgement = judged(**changes)
    assert judgement.reasons == ()


@pytest.mark.parametrize(("kind", "reasons"), [("01", ()), ("06", ("seal_unreadable",))])
def test_of_paper_alone_nobody_is_asked(kind: str, reasons: tuple[str, ...]) -> None:
    seal = parse_seal(sealed(kind=kind))
    paper = SealCase(seal=seal, statement=statement_of(seal), check=GOOD, today=TODAY, most_days=92)
    judgement = judge_paper(paper)
    assert judgement.reasons == reasons
    assert {"seal_name", "seal_address"}.isdisjoint(each.rule for each in judgement.compared)


def test_a_barcode_that_is_no_seal_after_all_is_for_a_person() -> None:
    judgement = unread_seal("image_front", "version 9")
    assert (judgement.outcome, judgement.reasons) == (ReadingOutcome.REVIEW, ("seal_unreadable",))
    assert [(each.rule, each.note) for each in judgement.compared] == [("seal_form", "version 9")]


def test_nothing_personal_is_shown_when_a_seal_is_printed() -> None:
    assert "BARBER" not in repr(parse_seal(sealed()))
    assert "BARBER" not in repr(statement())
    assert isinstance(parse_seal(sealed()), Seal)
