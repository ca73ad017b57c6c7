"""What rules make of a chip's facts, one row for each way in which a rule comes out."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pycountry
import pytest

from ostiary.domain.chip.countries import is_same_country, signing_country
from ostiary.domain.chip.judging import MUST_AGREE, Proof, judge_chip
from ostiary.domain.chip.reading import (
    AnchorFacts,
    ChipReading,
    ChipTrouble,
    GroupFit,
    PresenceState,
    RevocationState,
    SignatureState,
    SignerFacts,
    Strength,
)
from ostiary.domain.chip.rules import RULES, ChipCase, ChipDoubt
from ostiary.domain.documents.reading import Result
from ostiary.domain.mrz.parsing import parse
from ostiary.domain.mrz.zone import Zone
from ostiary.specimens.zone_lines import Holder, passport_lines

NOW = datetime(2026, 11, 30, tzinfo=UTC)
YEAR = timedelta(days=365)
BY_NAME = {rule.__name__: rule for rule in RULES}


def zone(country: str = "ARG") -> Zone:
    holder = Holder("AB1234567", "Alvarez", "Maria", country, date(1984, 11, 21), date(2031, 5, 4), "F")
    parsed = parse(passport_lines(holder), NOW.date())
    assert parsed is not None
    return parsed


SIGNER = SignerFacts(
    subject="C=AR, CN=DS",
    issuer="C=AR, CN=CSCA",
    serial="98",
    country="AR",
    valid_from=NOW - YEAR,
    valid_until=NOW + YEAR,
    key_usages=frozenset({"digital_signature"}),
    document_types=("P",),
)
ANCHOR = AnchorFacts("4f", "C=AR, CN=CSCA", "AR", NOW - 5 * YEAR, NOW + 5 * YEAR, ("DE 2026-05-28",))
GENUINE = ChipReading(
    zone=zone(),
    groups=(GroupFit("dg1", True, True),),
    signature=SignatureState.VALID,
    signer=SIGNER,
    anchors=(ANCHOR,),
    strengths=(
        Strength("groups", "sha256", "", 0),
        Strength("chip", "sha256", "ec", 256),
        Strength("signer", "sha512", "rsa", 4096),
    ),
    revocation=RevocationState.NOT_LISTED,
    trust_version="9f3c",
)


def signer(**changes: Any) -> dict[str, Any]:
    return {"signer": replace(SIGNER, **changes)}


def anchor(**changes: Any) -> dict[str, Any]:
    return {"anchors": (replace(ANCHOR, **changes),)}


def rests_on(digest: str, kind: str, bits: int) -> dict[str, Any]:
    return {"strengths": (Strength("chip", digest, kind, bits),)}


AGREES, DIFFERS, DOUBTFUL, NOT_COMPARED = Result.AGREES, Result.DIFFERS, Result.DOUBTFUL, Result.NOT_COMPARED
ENDED = {"valid_from": NOW - 4 * YEAR, "valid_until": NOW - YEAR}
INVALID, UNKNOWN, WRONG = ChipDoubt.DATA_INVALID, ChipDoubt.SIGNER_UNKNOWN, ChipDoubt.SIGNER_WRONG
EXPIRED, REVOKED, WEAK = ChipDoubt.SIGNER_EXPIRED, ChipDoubt.SIGNER_REVOKED, ChipDoubt.WEAK
UNSUPPORTED = {"signature": SignatureState.UNSUPPORTED}
NOBODY = {"zone": zone("XOM"), **signer(country=""), **anchor(country="")}
LATE = {**signer(**ENDED, usage_from=NOW - 4 * YEAR, usage_until=NOW - 3 * YEAR), "signing_time": NOW - 2 * YEAR}
TWO = {"groups": (*GENUINE.groups, GroupFit("dg2", True, False))}
NO_STORE = {"trust_version": "", "anchors": ()}
ROWS: list[tuple[str, str, dict[str, Any], Result, ChipDoubt | None, str]] = [
    ("chip_groups", "every hash fits", {}, AGREES, None, ""),
    ("chip_groups", "one does not", TWO, DIFFERS, INVALID, "dg2"),
    ("chip_groups", "one is not listed", {"groups": (GroupFit("dg1", False, False),)}, DIFFERS, INVALID, "dg1"),
    ("chip_groups", "none was compared", {"groups": ()}, DIFFERS, INVALID, "dg1"),
    ("chip_signature", "fits", {}, AGREES, None, ""),
    ("chip_signature", "does not", {"signature": SignatureState.INVALID}, DIFFERS, INVALID, "fit"),
    ("chip_signature", "of another content", {"signature": SignatureState.INVALID, "note": "x"}, DIFFERS, INVALID, "x"),
    ("chip_signature", "unknown", UNSUPPORTED, DOUBTFUL, UNKNOWN, "form"),
    ("chip_signature", "unknown, and why", {**UNSUPPORTED, "note": "y"}, DOUBTFUL, UNKNOWN, "y"),
    ("chip_signer", "signed by an anchor", {}, AGREES, None, ""),
    ("chip_signer", "nowhere", {"signer": None}, DOUBTFUL, UNKNOWN, "neither"),
    ("chip_signer", "no anchor", {"anchors": ()}, DOUBTFUL, UNKNOWN, "no certificate in the trust store signed it"),
    ("chip_signer", "namesakes", {"anchors": (), "has_namesakes": True}, DOUBTFUL, UNKNOWN, "may be old"),
    ("chip_signer", "disowned", {"anchors": (), "is_disowned": True}, DOUBTFUL, WRONG, "did not sign"),
    ("chip_signer", "Utopia", anchor(country="ut"), DOUBTFUL, UNKNOWN, "sandboxes"),
    ("chip_signer", "an authority", signer(is_ca=True), DOUBTFUL, WRONG, "authority"),
    ("chip_signer", "not for signing", signer(key_usages=frozenset({"crl_sign"})), DOUBTFUL, WRONG, "signing"),
    ("chip_signer", "any usage", signer(key_usages=None), AGREES, None, ""),
    ("chip_signer", "lists", signer(purposes=frozenset({"2.23.136.1.1.3"})), DOUBTFUL, WRONG, "2.23.136.1.1.3"),
    ("chip_signer", "visas", signer(purposes=frozenset({"2.23.136.1.1.9.1"})), DOUBTFUL, WRONG, "2.23.136.1.1.9.1"),
    ("chip_signer", "a purpose of its own", signer(purposes=frozenset({"1.2.3", "2.23.136.1.1.30"})), AGREES, None, ""),
    ("chip_signer", "no store", NO_STORE, DOUBTFUL, ChipDoubt.TRUST_UNAVAILABLE, "no trust store"),
    ("chip_signer", "no store, and a wrong one", {**NO_STORE, **signer(is_ca=True)}, DOUBTFUL, WRONG, "authority"),
    ("chip_signer", "bound to more", signer(unknown_critical=("1.2.3",)), DOUBTFUL, WRONG, "1.2.3"),
    ("chip_country", "all the same", {}, AGREES, None, ""),
    ("chip_country", "in small letters", anchor(country="ar"), AGREES, None, ""),
    ("chip_country", "no zone", {"zone": None}, NOT_COMPARED, None, ""),
    ("chip_country", "no signer", {"signer": None}, NOT_COMPARED, None, ""),
    ("chip_country", "no anchor", {"anchors": ()}, NOT_COMPARED, None, ""),
    ("chip_country", "the signer's is another", signer(country="UY"), DOUBTFUL, WRONG, "AR, UY"),
    ("chip_country", "the anchor's is another", anchor(country="UY"), DOUBTFUL, WRONG, "AR, UY"),
    ("chip_country", "the document's is another", {"zone": zone("URY")}, DOUBTFUL, WRONG, "URY"),
    ("chip_country", "no country's", {"zone": zone("XOM")}, DOUBTFUL, WRONG, "XOM"),
    ("chip_country", "nobody's, signed for nobody", NOBODY, DOUBTFUL, WRONG, "no country"),
    ("chip_time", "valid today", {}, AGREES, None, ""),
    ("chip_time", "no signer", {"signer": None}, NOT_COMPARED, None, ""),
    ("chip_time", "no anchor", {"anchors": ()}, NOT_COMPARED, None, ""),
    ("chip_time", "the anchor began later", anchor(valid_from=NOW), DOUBTFUL, EXPIRED, "country's certificate"),
    ("chip_time", "signed in time", {**signer(**ENDED), "signing_time": NOW - 2 * YEAR}, AGREES, None, ""),
    ("chip_time", "issued in time", {**signer(**ENDED), "issue_date": date(2024, 11, 30)}, AGREES, None, ""),
    ("chip_time", "signed too late", {**signer(**ENDED), "signing_time": NOW}, DOUBTFUL, EXPIRED, "outside"),
    ("chip_time", "signed too late for the key", LATE, DOUBTFUL, EXPIRED, "outside"),
    ("chip_time", "nobody knows when", signer(**ENDED), DOUBTFUL, EXPIRED, "nothing says"),
    ("chip_strength", "strong", {}, AGREES, None, ""),
    ("chip_strength", "SHA-1", rests_on("sha1", "rsa", 4096), DOUBTFUL, WEAK, "chip: sha1"),
    ("chip_strength", "a short key of RSA", rests_on("sha256", "rsa", 2047), DOUBTFUL, WEAK, "2047"),
    ("chip_strength", "a short curve", rests_on("sha256", "ec", 192), DOUBTFUL, WEAK, "192"),
    ("chip_strength", "nothing verified", {"strengths": ()}, NOT_COMPARED, None, ""),
    ("chip_revocation", "not listed", {}, AGREES, None, ""),
    ("chip_revocation", "listed", {"revocation": RevocationState.LISTED}, DOUBTFUL, REVOKED, "revoked"),
    ("chip_revocation", "no list", {"revocation": RevocationState.NO_LIST}, NOT_COMPARED, None, ""),
    ("chip_kind", "listed", {}, AGREES, None, ""),
    ("chip_kind", "nothing listed", signer(document_types=None), NOT_COMPARED, None, ""),
    ("chip_kind", "an empty list", signer(document_types=()), NOT_COMPARED, None, ""),
    ("chip_kind", "no signer", {"signer": None}, NOT_COMPARED, None, ""),
    ("chip_kind", "no zone", {"zone": None}, NOT_COMPARED, None, ""),
    ("chip_present", "nothing was asked", {}, NOT_COMPARED, None, "no challenge"),
    ("chip_present", "answered", {"presence": PresenceState.ANSWERED}, AGREES, None, ""),
    ("chip_present", "by another", {"presence": PresenceState.WRONG}, DOUBTFUL, ChipDoubt.COPIED, "key on the chip"),
    ("chip_present", "unknown", {"presence": PresenceState.UNSUPPORTED}, NOT_COMPARED, None, "form"),
    ("chip_kind", "another", signer(document_types=("ID", "AR")), DOUBTFUL, ChipDoubt.FORMAT_UNEXPECTED, "ID, AR"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "changes", "result", "doubt", "note"),
    [pytest.param(*row[:1], *row[2:], id=f"{row[0]}: {row[1]}") for row in ROWS],
)
def test_a_rule(rule: str, changes: dict[str, Any], result: Result, doubt: ChipDoubt | None, note: str) -> None:
    finding = BY_NAME[rule](ChipCase(replace(GENUINE, **changes), NOW))
    assert (finding.compared.rule, finding.compared.result, finding.doubt) == (rule, result, doubt)
    assert note in finding.compared.note


def test_every_rule_has_rows_for_all_it_may_say() -> None:
    assert {row[0] for row in ROWS} == set(BY_NAME)


def test_a_genuine_chip_is_signed_by_its_issuer() -> None:
    judgement = judge_chip(ChipCase(GENUINE, NOW))
    assert (judgement.proof, judgement.doubts) == (Proof.ISSUER_SIGNED, ())
    assert [each.rule for each in judgement.compared] == list(BY_NAME)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row[0]}: {row[1]}")
def test_whatever_doubts_or_is_missing_of_what_must_agree_proves_nothing(row: tuple[Any, ...]) -> None:
    rule, _, changes, result, doubt, _ = row
    judgement = judge_chip(ChipCase(replace(GENUINE, **changes), NOW))
    allowed = result is AGREES or (result is NOT_COMPARED and rule not in MUST_AGREE)
    others = {each.rule for each in judgement.compared if each.result is not AGREES} - {rule}
    assert (judgement.proof is Proof.ISSUER_SIGNED) == (allowed and not others & (MUST_AGREE | {"chip_signer"}))
    assert doubt is None or doubt in judgement.doubts


PRESENCE_ROWS: list[tuple[PresenceState, bool, Result, ChipDoubt | None, str]] = [
    (PresenceState.ANSWERED, True, AGREES, None, ""),
    (PresenceState.WRONG, True, DOUBTFUL, ChipDoubt.COPIED, "key on the chip"),
    (PresenceState.NOT_TRIED, True, DOUBTFUL, ChipDoubt.PRESENCE_UNKNOWN, "no challenge was signed"),
    (PresenceState.NOT_TRIED, False, DOUBTFUL, ChipDoubt.PRESENCE_UNKNOWN, "no key that it could show"),
    (PresenceState.UNSUPPORTED, True, DOUBTFUL, ChipDoubt.PRESENCE_UNKNOWN, "of a form that is not known"),
]


@pytest.mark.parametrize(("presence", "lists_key", "result", "doubt", "note"), PRESENCE_ROWS)
def test_where_presence_is_demanded_a_chip_that_does_not_show_it_proves_nothing(
    presence: PresenceState, lists_key: bool, result: Result, doubt: ChipDoubt | None, note: str
) -> None:
    facts = replace(GENUINE, presence=presence, lists_key=lists_key)
    case = ChipCase(facts, NOW, demands_presence=True)
    finding = BY_NAME["chip_present"](case)
    assert (finding.compared.result, finding.doubt) == (result, doubt)
    assert note in finding.compared.note
    assert judge_chip(case).proof is (Proof.ISSUER_SIGNED if doubt is None else Proof.NOT_PROVEN)


def test_utopia_counts_where_specimens_do() -> None:
    utopian = replace(GENUINE, zone=zone("UTO"), **signer(country="UT"), **anchor(country="UT"))
    assert judge_chip(ChipCase(utopian, NOW)).proof is Proof.NOT_PROVEN
    assert judge_chip(ChipCase(utopian, NOW, counts_specimens=True)).proof is Proof.ISSUER_SIGNED


@pytest.mark.parametrize(
    ("trouble", "doubt", "result"),
    [
        (ChipTrouble.MISSING, ChipDoubt.DATA_MISSING, DIFFERS),
        (ChipTrouble.TOO_LARGE, ChipDoubt.DATA_INVALID, DIFFERS),
        (ChipTrouble.MALFORMED, ChipDoubt.DATA_INVALID, DIFFERS),
        (ChipTrouble.UNSUPPORTED, ChipDoubt.SIGNER_UNKNOWN, DOUBTFUL),
    ],
)
def test_files_of_which_nothing_can_be_judged(trouble: ChipTrouble, doubt: ChipDoubt, result: Result) -> None:
    judgement = judge_chip(ChipCase(ChipReading(trouble=trouble), NOW))
    assert (judgement.proof, judgement.doubts) == (Proof.NOT_PROVEN, (doubt,))
    [compared] = judgement.compared
    assert (compared.result, compared.note) == (result, trouble)


def test_every_country_has_the_two_letters_of_iso_3166() -> None:
    assert {each.alpha_3: signing_country(each.alpha_3) for each in pycountry.countries} == {
        each.alpha_3: each.alpha_2 for each in pycountry.countries
    }


@pytest.mark.parametrize(
    ("printed", "country"),
    [("D", "DE"), ("GBD", "GB"), ("RKS", "KS"), ("UNO", "UN"), ("EUE", "EU"), ("UTO", "UT"), ("XOM", None), ("", None)],
)
def test_an_issuer_as_printed_has_its_country(printed: str, country: str | None) -> None:
    assert signing_country(printed) == country


def test_no_country_is_the_same_as_none() -> None:
    assert not is_same_country("", "")
    assert is_same_country("gb", "GB")
