"""The trust store: what counts, what does not, what comes and goes, and what the file says of it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from ostiary.adapters.chip.certificates import ChipCertificate, read_certificate
from ostiary.adapters.chip.tlv import Malformed
from ostiary.adapters.trust import store as store_module
from ostiary.adapters.trust.checking import check_store
from ostiary.adapters.trust.importing import OPERATOR, plan_import
from ostiary.adapters.trust.removing import removed
from ostiary.adapters.trust.sources import read_import
from ostiary.adapters.trust.store import EntryKind, TrustStore, read_store, write_store
from ostiary.domain.chip.standing import LIST_AGE_MOST
from ostiary.domain.errors import Refused
from ostiary.specimens.chip import der, issuing
from tests.chips.builder import NOW, YEAR, signer_certificate
from tests.chips.keys import ec_key, pss_key
from tests.chips.lists import (
    ARGENTINA,
    GERMANY,
    NETHERLANDS,
    URUGUAY,
    ListPlan,
    anchor_of,
    country,
    ldif,
    master_list,
    pem,
)

EVERY = tuple(map(anchor_of, (GERMANY, NETHERLANDS, ARGENTINA)))
USUAL = ListPlan(listed=EVERY)


def vouching(code_and_key: tuple[str, int] = GERMANY) -> tuple[ChipCertificate, ...]:
    return (read_certificate(anchor_of(code_and_key)),)


def imported(*plans: ListPlan, into: TrustStore | None = None, older: bool = False) -> TrustStore:
    store = into or TrustStore()
    for plan in plans:
        content = read_import(master_list(plan))
        store = plan_import(store, content, vouching(plan.publisher), may_be_older=older).store
    return store


def countries(store: TrustStore) -> list[str]:
    return [entry.country for entry in store.of(EntryKind.ANCHOR)]


def test_a_list_that_an_operator_vouches_for_counts() -> None:
    plan = plan_import(TrustStore(), read_import(master_list(USUAL)), vouching())
    assert countries(plan.store) == ["AR", "DE", "NL"]
    assert [(change.country, len(change.comes), len(change.goes)) for change in plan.changes] == [
        ("AR", 1, 0),
        ("DE", 1, 0),
        ("NL", 1, 0),
    ]
    assert plan.left_out == ()
    [listed] = plan.store.of(EntryKind.LIST)
    assert (listed.country, listed.begin, listed.note) == ("DE", "2026-11-20T12:00:00Z", "3 certificates, 0 unreadable")
    assert plan.store.trust.anchors[0].facts.sources == ("DE 2026-11-20",)


ANOTHER = replace(ec_key(which=20), sign=ec_key(which=21).sign)
WRONG: list[tuple[str, ListPlan, tuple[ChipCertificate, ...], str]] = [
    ("vouches for itself", USUAL, (), "none of the 0 certificates of that country"),
    ("another country vouches", USUAL, vouching(NETHERLANDS), "nobody vouches for its signer (DE)"),
    ("of a key that says Germany", replace(USUAL, certified_by=ec_key(which=66)), vouching(), "nobody vouches"),
    ("signed before its signer might", replace(USUAL, at=NOW - 3 * YEAR), vouching(), "was not valid"),
    ("signed by another key", replace(USUAL, signer=ANOTHER), vouching(), "signature does not count"),
]  # fmt: skip


@pytest.mark.parametrize(("plan", "anchors", "why"), [pytest.param(*row[1:], id=row[0]) for row in WRONG])
def test_a_list_does_not_count_that(plan: ListPlan, anchors: tuple[ChipCertificate, ...], why: str) -> None:
    with pytest.raises(Refused, match="This list does not count") as refusal:
        plan_import(TrustStore(), read_import(master_list(plan)), anchors)
    assert why in refusal.value.message


@pytest.mark.parametrize(
    ("plan", "why"),
    [
        (replace(USUAL, purposes=("1.2.3",)), "may not sign lists"),
        (replace(USUAL, says_when=False), "does not say when"),
        (replace(USUAL, is_embedded=False), "without its signer's certificate"),
        (replace(USUAL, content_type="2.23.136.1.1.1"), "another kind"),
    ],
)
def test_what_is_no_master_list_is_said(plan: ListPlan, why: str) -> None:
    with pytest.raises(Malformed, match=why):
        read_import(master_list(plan))


def test_a_country_that_is_in_the_store_vouches_for_its_own_lists() -> None:
    store = imported(USUAL)
    dutch = replace(USUAL, publisher=NETHERLANDS, listed=(anchor_of(NETHERLANDS), anchor_of(URUGUAY)))
    after = plan_import(store, read_import(master_list(dutch))).store
    assert countries(after) == ["AR", "DE", "NL", "UY"]
    assert {each.country: each.sources for each in after.of(EntryKind.ANCHOR)} == {
        "AR": ("DE",),
        "DE": ("DE",),
        "NL": ("DE", "NL"),
        "UY": ("NL",),
    }


def test_a_newer_list_replaces_what_the_older_brought_and_no_other_did() -> None:
    dutch = replace(USUAL, publisher=NETHERLANDS, listed=(anchor_of(ARGENTINA),))
    store = imported(USUAL, dutch)
    newer = replace(USUAL, listed=(anchor_of(GERMANY), anchor_of(URUGUAY)), at=NOW - timedelta(days=1))
    plan = plan_import(store, read_import(master_list(newer)), vouching())
    assert countries(plan.store) == ["AR", "DE", "UY"]
    assert [(each.country, len(each.comes), len(each.goes)) for each in plan.changes] == [("NL", 0, 1), ("UY", 1, 0)]
    assert len(plan.store.of(EntryKind.LIST)) == 2


def test_an_older_list_is_refused_unless_it_is_asked_for() -> None:
    store, older = imported(USUAL), replace(USUAL, at=NOW - timedelta(days=20), listed=EVERY[:1])
    with pytest.raises(Refused, match=r"of 2026-11-10, older than the one of 2026-11-20 .* --older"):
        imported(older, into=store)
    assert countries(imported(older, into=store, older=True)) == ["DE"]
    assert imported(USUAL, into=store).version == store.version, "the same list again changes nothing"


def test_what_was_removed_no_import_brings_back() -> None:
    store = imported(USUAL)
    [argentina] = [entry for entry in store.of(EntryKind.ANCHOR) if entry.country == "AR"]
    without = removed(store, argentina.sha256, "stolen", NOW)
    assert countries(without) == ["DE", "NL"]
    plan = plan_import(without, read_import(master_list(replace(USUAL, at=NOW))), vouching())
    assert countries(plan.store) == ["DE", "NL"]
    assert plan.left_out == (f"AR {argentina.sha256}: removed by an operator",)
    assert plan_import(without, read_import(anchor_of(ARGENTINA))).store.of(EntryKind.ANCHOR) == without.of(
        EntryKind.ANCHOR
    )
    with pytest.raises(Refused, match="There is no anchor"):
        removed(without, argentina.sha256, "again", NOW)


@pytest.mark.parametrize("form", ["DER", "PEM"])
def test_a_certificate_and_a_revocation_list_count_on_an_operators_word_and_on_their_signer(form: str) -> None:
    home = country(*ARGENTINA)
    crl = issuing.revocation_list(home.csca_name, home.csca, (98,), NOW, NOW + YEAR)
    certificate = anchor_of(ARGENTINA)
    if form == "PEM":
        content = read_import(pem("CERTIFICATE", certificate) + pem("X509 CRL", crl))
    else:
        content = read_import(certificate) + read_import(crl)
    plan = plan_import(TrustStore(), content)
    [anchor], [revocations] = plan.store.of(EntryKind.ANCHOR), plan.store.of(EntryKind.CRL)
    assert anchor.sources == (OPERATOR,)
    assert (revocations.sources, revocations.note, revocations.end) == (
        (anchor.sha256,),
        "1 revoked",
        "2027-11-30T12:00:00Z",
    )
    assert plan.others == {"crl": 1}


def test_a_newer_revocation_list_takes_the_place_of_an_older_and_never_the_other_way() -> None:
    home, store = country(*ARGENTINA), plan_import(TrustStore(), read_import(anchor_of(ARGENTINA))).store
    first, second = (
        issuing.revocation_list(home.csca_name, home.csca, (98,), at, NOW + YEAR) for at in (NOW - YEAR, NOW)
    )
    for order in ((first, second), (second, first)):
        after = store
        for crl in order:
            after = plan_import(after, read_import(crl)).store
        assert [entry.der for entry in after.of(EntryKind.CRL)] == [second]


def test_a_revocation_list_that_no_anchor_signed_is_left_out() -> None:
    home = country(*ARGENTINA)
    crl = issuing.revocation_list(home.csca_name, ec_key(which=66), (98,), NOW, NOW + YEAR)
    plan = plan_import(TrustStore(), read_import(anchor_of(ARGENTINA)) + read_import(crl))
    assert plan.left_out == ("revocation list of AR: no anchor signed it",)
    assert plan.store.of(EntryKind.CRL) == []


def test_the_directory_of_icao_brings_what_the_store_vouches_for() -> None:
    store, home = imported(USUAL), country(*ARGENTINA)
    signer, stranger = signer_certificate(home), signer_certificate(home.with_(issues=ec_key(which=66)))
    crl = issuing.revocation_list(home.csca_name, home.csca, (), NOW, NOW + YEAR)
    newer = master_list(replace(USUAL, listed=(*EVERY, anchor_of(URUGUAY)), at=NOW))
    own = master_list(replace(USUAL, publisher=URUGUAY))
    entries = (
        ("userCertificate;binary", signer),
        ("userCertificate;binary", stranger),
        ("userCertificate;binary", b"\x30\0"),
        ("certificateRevocationList;binary", crl),
        ("pkdMasterListContent", newer),
        ("CscaMasterListData", own),
        ("jpegPhoto", b"x"),
    )
    plan = plan_import(store, read_import(ldif(*entries)))
    assert countries(plan.store) == ["AR", "DE", "NL", "UY"]
    assert plan.others == {"signer": 1, "crl": 1}
    assert [each.der for each in plan.store.of(EntryKind.SIGNER)] == [signer]
    assert len(plan.left_out) == 3
    assert any("no anchor signed it" in each for each in plan.left_out)
    assert any("nobody vouches for its signer (UY)" in each for each in plan.left_out)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"x",
        b"\x30\x80",
        der.sequence(),
        b"-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n",
        EVERY[0][:-9],
    ],
)
def test_a_file_of_none_of_these_is_malformed(content: bytes) -> None:
    with pytest.raises((Malformed, ValueError)):
        read_import(content)


def test_a_directory_of_nothing_brings_nothing() -> None:
    content = read_import(b"version: 1\n\ndn: dc=int\ncn:: !!!\nuserCertificate;binary:: AAA\n")
    assert (content.lists, content.signers, content.passed_over) == ((), (), ())


# ---- the file -------------------------------------------------------------------------------------------------------


def test_the_file_has_one_form_and_comes_back_as_it_was(tmp_path: Path) -> None:
    path, store = tmp_path / "deep" / "trust.jsonl", imported(USUAL)
    write_store(path, store, instead_of=TrustStore())
    assert read_store(path) == store
    assert read_store(path).version == store.version
    lines = path.read_text().splitlines()
    assert [json.loads(line)["kind"] for line in lines] == ["list", "anchor", "anchor", "anchor"]
    assert all(
        line == json.dumps(json.loads(line), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        for line in lines
    )
    shuffled = tmp_path / "shuffled.jsonl"
    shuffled.write_text("\n\n".join(reversed(lines)))
    assert read_store(shuffled).version == store.version
    assert list(path.parent.iterdir()) == [path]


def test_a_file_that_changed_meanwhile_is_not_written_over(tmp_path: Path) -> None:
    path, store = tmp_path / "trust.jsonl", imported(USUAL)
    write_store(path, store, instead_of=TrustStore())
    with pytest.raises(Refused, match="changed meanwhile"):
        write_store(path, imported(USUAL), instead_of=TrustStore())


def test_where_there_is_no_file_nobody_is_trusted(tmp_path: Path) -> None:
    assert read_store(None) == read_store(tmp_path / "none") == TrustStore()
    assert TrustStore().version == TrustStore().trust.version == ""


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"sha256": "0" * 64}, "its bytes are not those of its sha256"),
        ({"der": ""}, "without its bytes"),
        ({"der": "%"}, "not a line of a trust store"),
        ({"kind": "friend"}, "not a line of a trust store"),
        ({"owner": "x"}, "owner"),
        ({"country": 5}, "values"),
        ({"sources": 5}, "not a line of a trust store"),
    ],
)
def test_a_damaged_line_is_named(change: dict[str, Any], why: str, tmp_path: Path) -> None:
    lines = imported(USUAL).content.splitlines()
    (tmp_path / "trust.jsonl").write_bytes(
        b"\n".join([lines[0], json.dumps({**json.loads(lines[1]), **change}).encode()])
    )
    with pytest.raises(Refused, match="line 2: ") as refusal:
        read_store(tmp_path / "trust.jsonl")
    assert why in refusal.value.message


@pytest.mark.parametrize("text", ["[]", "5", "{", "{}", "[" * 5_000])
def test_a_file_of_something_else_is_no_store(text: str, tmp_path: Path) -> None:
    (tmp_path / "trust.jsonl").write_text(text)
    with pytest.raises(Refused, match="line 1: not a line of a trust store"):
        read_store(tmp_path / "trust.jsonl")


def test_a_store_has_a_size_beyond_which_nothing_comes_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "trust.jsonl").write_bytes(imported(USUAL).content)
    monkeypatch.setattr(store_module, "MOST_STORE_LINES", 3)
    with pytest.raises(Refused, match="at most 3 entries"):
        imported(USUAL)
    monkeypatch.setattr(store_module, "MOST_STORE_BYTES", 100)
    with pytest.raises(Refused, match="is not read as a trust store"):
        read_store(tmp_path / "trust.jsonl")


# ---- looked at again ------------------------------------------------------------------------------------------------


def test_a_store_in_order_has_nothing_wrong() -> None:
    renewed = country("AR", 13).with_(csca=pss_key(32, which=9))
    link = issuing.certificate(
        issuing.CertificatePlan(renewed.csca_name, renewed.csca_name, 2, NOW, NOW + YEAR, issuing.authority()),
        renewed.csca.key_info,
        country(*ARGENTINA).csca,
    )
    alone = issuing.certificate(
        issuing.CertificatePlan(renewed.csca_name, renewed.csca_name, 3, NOW - 2 * YEAR, NOW - YEAR, ()),
        ec_key(which=30).key_info,
        ec_key(which=31),
    )
    check = check_store(imported(replace(USUAL, listed=(*EVERY, link, alone))), NOW)
    assert (check.self_signed, check.linked, check.listed_only, check.expired, check.problems) == (3, 1, 1, 1, ())


def test_what_is_old_due_or_changed_by_hand_is_said() -> None:
    home = country(*ARGENTINA)
    crl = issuing.revocation_list(home.csca_name, home.csca, (98,), NOW - YEAR, NOW - timedelta(days=1))
    signer = ldif(("userCertificate;binary", signer_certificate(home)))
    store = plan_import(imported(USUAL), read_import(crl) + read_import(signer)).store
    later = NOW + LIST_AGE_MOST
    assert {(each.kind, each.problem) for each in check_store(store, later).problems} == {
        ("list", "signed 100 days ago; import a newer one"),
        ("crl", "its next edition is due; import it"),
    }
    [argentina] = [entry for entry in store.of(EntryKind.ANCHOR) if entry.country == "AR"]
    gone = removed(store, argentina.sha256, "x", NOW)
    assert {(each.kind, each.problem) for each in check_store(gone, NOW).problems} == {
        ("signer", "no anchor in the store signed it any more"),
        ("crl", "no anchor in the store signed it any more"),
    }
    changed = TrustStore(tuple(replace(entry, country="UY", note="y") for entry in store.entries))
    problems = [each.problem for each in check_store(changed, NOW).problems]
    assert sum("changed by hand" in problem for problem in problems) == len(store.entries) - 1
    broken = TrustStore(tuple(replace(entry, der=b"\x30\0") for entry in store.entries))
    assert len([each for each in check_store(replace(broken, entries=broken.of(EntryKind.CRL)), NOW).problems]) == 1  # type: ignore[arg-type]
