"""What the census shows that no chain shows by itself, and rows against what entries say."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from ostiary.domain.audit import census
from ostiary.domain.audit.census import WHOLE, Tally
from ostiary.domain.audit.row_states import Fields, digest_of
from ostiary.domain.audit.trail import RECORDED
from tests.audit_kept import CountedInstallation, replace_tally, two_companies
from tests.auditing import MARK


@pytest.fixture
def installation() -> CountedInstallation:
    return two_companies()


def test_what_is_as_it_was_counted_has_no_fault_and_may_have_grown(installation: CountedInstallation) -> None:
    assert installation.faults() == {}
    installation.add("C", "ana")
    installation.add("C", "new")
    assert installation.faults() == {}


def older(installation: CountedInstallation) -> Iterator[None]:
    """Between its two steps everything goes on; then the census of before is put back, and a chain with it."""
    before, entries = dict(installation.tallies), list(installation.entries["C", "ana"])
    counted, end = dict(installation.counted), installation.ends["C", "ana"]
    installation.add("C", "ana")
    installation.add("C", "bea", number=4)
    installation.count(number=5)
    installation.add("D", "D", number=5)
    yield
    installation.tallies, installation.counted = before, counted
    installation.entries["C", "ana"], installation.ends["C", "ana"] = entries, end


def put_back(installation: CountedInstallation) -> None:
    list(older(installation))


def begun_anew(installation: CountedInstallation) -> None:
    whole = replace_tally(Tally(b"another!"), number=9)
    installation.tallies, installation.counted = {WHOLE: census.written(MARK, WHOLE, whole, bytes(16))}, {}


def of_another(installation: CountedInstallation) -> None:
    """A company's tally, sealed by the service, in another's place."""
    installation.tallies["D"] = installation.tallies["C"]


def edited(installation: CountedInstallation) -> None:
    installation.counted["C", "ana"] = replace(installation.counted["C", "ana"], length=1)


def edited_whole(installation: CountedInstallation) -> None:
    content = bytearray(installation.tallies[WHOLE])
    content[40] ^= 1
    installation.tallies[WHOLE] = bytes(content)


def swap(installation: CountedInstallation) -> None:
    ana, bea = installation.entries["C", "ana"], installation.entries["C", "bea"]
    ana[1], bea[1] = replace(bea[1], owner="ana"), replace(ana[1], owner="bea")


def company_gone(installation: CountedInstallation) -> None:
    installation.forget("D", "D", wholly=True)
    del installation.tallies["D"]


@pytest.mark.parametrize(
    ("tamper", "shows"),
    [
        (lambda place: place.cut("C", "ana"), {"ana": "the census counted 2 entries, 1 are there"}),
        (lambda place: place.forget("C", "ana"), {"ana": "the census counted 2 entries, the chain is gone"}),
        (lambda place: place.forget("C", "ana", wholly=True),
         {"C": "the census counted 3 chains of the company, 2 are there"}),
        (company_gone, {"": "the census counted 2 companies, 1 are there"}),
        (lambda place: place.in_plain("C", "ana"), {"ana": "entry 2 is not the one that the census counted; no entry "
         "of it is keyed, and all chains were: it was written anew"}),
        (swap, {"ana": "entry 2 was changed", "bea": "entry 2 was changed"}),
        (edited, {"ana": "entry 1 is not the one that the census counted",
                  "C": "the census counted 3 chains of the company, some of them otherwise"}),
        (edited_whole, {"": "the census was changed"}),
        (lambda place: place.tallies.clear(), {"": "the census is gone"}),
        (lambda place: place.tallies.pop("D"), {"D": "the company's part of the census was changed, or is gone",
                                              "": "the census counted 2 companies, 1 are there"}),
        (of_another, {"D": "the company's part of the census was changed, or is gone",
                      "": "the census counted 2 companies, 1 are there"}),
        (put_back, {"": "entries know of census 5, it is 3: an older one was put back"}),
        (begun_anew, {"": "entries know of another census: it was begun anew"}),
        (lambda place: place.catalogues.update(v1=None),
         {"": "catalogue v1: what is kept under this version is another, or none"}),
        (lambda place: place.catalogues.update(v1=frozenset({"t1"})),
         {"": "terms t1: a catalogue names them, and the text is not kept"}),
        (lambda place: place.texts.update(t1=True), {}),
        (lambda place: place.texts.update(t1=False), {"": "terms t1: what is kept under this hash is another text"}),
        (lambda place: place.rows.setdefault(("C", "ana"), {}).update({"acceptance a1": {"sha256": "t1"}}),
         {"ana": "acceptance a1 is there, and no entry says where from",
          "": "terms t1: they were accepted, and the text is not kept"}),
        (lambda place: place.rows.setdefault(("C", "ana"), {}).update({"publication p1": {"version": "v2"}}),
         {"ana": "publication p1 is there, and no entry says where from",
          "": "catalogue v2: it was published, and it is not kept"}),
    ],
    ids=[
        "last cut", "chain dropped", "dropped with its count", "company dropped", "in plain hashes", "swapped",
        "count edited", "whole edited", "census gone", "tally gone", "tally of another", "older put back",
        "begun anew", "catalogue", "text gone", "text of nobody", "text",
        "accepted text gone", "published catalogue gone",
    ],
)  # fmt: skip
def test_what_somebody_without_the_key_does_shows(
    installation: CountedInstallation, tamper: Callable[[CountedInstallation], object], shows: dict[str, str]
) -> None:
    tamper(installation)
    assert installation.faults() == shows


def test_an_older_company_tally_shows_in_the_whole(installation: CountedInstallation) -> None:
    before, counted = installation.tallies["C"], dict(installation.counted)
    installation.add("C", "new")
    installation.count(number=5)
    installation.tallies["C"], installation.counted = before, counted
    assert installation.faults() == {"": "the census counted 2 companies, some of them otherwise"}


def test_a_plain_chain_is_one_of_before_until_all_are_keyed(installation: CountedInstallation) -> None:
    for is_keyed in (False, True):
        installation.in_plain("C", "bea")
        installation.count(is_keyed=is_keyed)
        assert bool(installation.faults()) is is_keyed


def test_without_any_census_plain_chains_are_just_chains() -> None:
    installation = CountedInstallation()
    installation.add("C", "C")
    installation.in_plain("C", "C")
    assert installation.faults() == {}


# ---- rows against what entries say ----------------------------------------------------------------------------------

CLAIMS = (
    b'{"request 1":{"status":"in_kyc","attempt":1,"catalogue_version":"v1","#rejection":null},'
    b'"client":{"status":"pending"}}'
)
LATER = b'{"request 1":{"status":"enabled"}}'
AS_SAID: dict[str, Fields] = {
    "request 1": {"status": "enabled", "attempt": 1, "#rejection": None, "catalogue_version": "v1"},
    "client": {"status": "pending"}, "hit ab": {"state": "open"},
}  # fmt: skip


def faults_of_ana(installation: CountedInstallation, rows: dict[str, Fields], *more: bytes) -> str:
    for claims in (CLAIMS, LATER, *more):
        installation.add("C", "ana", claims)
    installation.rows["C", "ana"] = rows
    installation.count()
    return installation.faults().get("ana", "")


def test_rows_that_are_as_the_last_entry_said_have_no_fault(installation: CountedInstallation) -> None:
    assert faults_of_ana(installation, AS_SAID) == ""


@pytest.mark.parametrize(
    ("rows", "shows"),
    [
        ({"request 1": {**AS_SAID["request 1"], "status": "in_kyc"}},
         "request 1: status is in_kyc, entry 4 says enabled"),
        ({"request 1": {**AS_SAID["request 1"], "attempt": 2}}, "request 1: attempt is 2, entry 3 says 1"),
        ({"request 1": {**AS_SAID["request 1"], "attempt": None}}, "request 1: attempt is nothing, entry 3 says 1"),
        ({"request 1": {**AS_SAID["request 1"], "#rejection": "00"}},
         "request 1: rejection is not what was written last, by entry 3"),
        ({"request 1": {**AS_SAID["request 1"], "#private_note": "00"}},
         "request 1: private_note is not what was written last, by the trail"),
        ({"request 2": AS_SAID["request 1"]}, "request 2 is there, and no entry says where from"),
        ({"hit ab": {"state": "cleared"}}, "hit ab: state is cleared, the trail says open"),
    ],
)  # fmt: skip
def test_a_row_that_is_otherwise_is_named(
    installation: CountedInstallation, rows: dict[str, Fields], shows: str
) -> None:
    assert faults_of_ana(installation, {**AS_SAID, **rows}) == shows


def test_bytes_are_said_by_a_digest_and_nothing_as_nothing() -> None:
    assert digest_of(None) is None
    assert digest_of(b"sealed") == digest_of(memoryview(b"sealed")) != digest_of(b"")


def test_a_row_that_is_gone_is_named(installation: CountedInstallation) -> None:
    assert faults_of_ana(installation, {"client": AS_SAID["client"]}) == "request 1 is gone"


def test_rows_of_nobody_are_named(installation: CountedInstallation) -> None:
    installation.rows["C", "eve"] = {
        "client": {"status": "active"},
        "request 7": {"status": "enabled", "catalogue_version": "v1"},
    }
    assert installation.faults() == {"eve": "whoever they belong to is gone: client, request 7"}


def test_what_stood_at_an_upgrade_takes_the_place_of_all_that_was_said(installation: CountedInstallation) -> None:
    for claims, action in ((CLAIMS, "did"), (LATER, RECORDED)):
        installation.add("C", "ana", claims, action=action)
    installation.rows["C", "ana"] = {"request 1": {"status": "enabled"}}
    installation.count()
    assert installation.faults() == {}


def test_what_cannot_be_read_is_a_fault_and_no_crash(installation: CountedInstallation) -> None:
    assert "entry 5 says of rows what cannot be read" in faults_of_ana(installation, AS_SAID, b"{")


def test_a_request_pinned_to_a_catalogue_that_is_not_kept_is_named(installation: CountedInstallation) -> None:
    installation.rows["C", "ana"] = {"request 1": {"catalogue_version": "v9"}, "request 2": {"catalogue_version": "v1"}}
    assert installation.faults()[""] == "catalogue v9: requests are pinned to it, and it is not kept"
