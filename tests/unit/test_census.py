"""What the census shows that no chain shows by itself, and rows against what entries say."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from ostiary.domain.audit import census
from ostiary.domain.audit.census import WHOLE, Tally
from ostiary.domain.audit.row_states import Fields, digest_of
from ostiary.domain.audit.trail import RECORDED
from tests.audit_kept import Kept, replace_tally, two_companies
from tests.auditing import MARK


@pytest.fixture
def kept() -> Kept:
    return two_companies()


def test_what_is_as_it_was_counted_has_no_fault_and_may_have_grown(kept: Kept) -> None:
    assert kept.faults() == {}
    kept.add("C", "ana")
    kept.add("C", "new")
    assert kept.faults() == {}


def older(kept: Kept) -> Iterator[None]:
    """Between its two steps everything goes on; then the census of before is put back, and a chain with it."""
    before, entries = dict(kept.tallies), list(kept.entries["C", "ana"])
    counted, end = dict(kept.counted), kept.ends["C", "ana"]
    kept.add("C", "ana")
    kept.add("C", "bea", number=4)
    kept.count(number=5)
    kept.add("D", "D", number=5)
    yield
    kept.tallies, kept.counted = before, counted
    kept.entries["C", "ana"], kept.ends["C", "ana"] = entries, end


def put_back(kept: Kept) -> None:
    list(older(kept))


def begun_anew(kept: Kept) -> None:
    whole = replace_tally(Tally(b"another!"), number=9)
    kept.tallies, kept.counted = {WHOLE: census.written(MARK, WHOLE, whole, bytes(16))}, {}


def of_another(kept: Kept) -> None:
    """A company's tally, sealed by the service, in another's place."""
    kept.tallies["D"] = kept.tallies["C"]


def edited(kept: Kept) -> None:
    kept.counted["C", "ana"] = replace(kept.counted["C", "ana"], length=1)


def edited_whole(kept: Kept) -> None:
    content = bytearray(kept.tallies[WHOLE])
    content[40] ^= 1
    kept.tallies[WHOLE] = bytes(content)


def swap(kept: Kept) -> None:
    ana, bea = kept.entries["C", "ana"], kept.entries["C", "bea"]
    ana[1], bea[1] = replace(bea[1], owner="ana"), replace(ana[1], owner="bea")


def company_gone(kept: Kept) -> None:
    kept.forget("D", "D", wholly=True)
    del kept.tallies["D"]


@pytest.mark.parametrize(
    ("tamper", "shows"),
    [
        (lambda kept: kept.cut("C", "ana"), {"ana": "the census counted 2 entries, 1 are there"}),
        (lambda kept: kept.forget("C", "ana"), {"ana": "the census counted 2 entries, the chain is gone"}),
        (lambda kept: kept.forget("C", "ana", wholly=True),
         {"C": "the census counted 3 chains of the company, 2 are there"}),
        (company_gone, {"": "the census counted 2 companies, 1 are there"}),
        (lambda kept: kept.in_plain("C", "ana"), {"ana": "entry 2 is not the one that the census counted; no entry of "
         "it is keyed, and all chains were: it was written anew"}),
        (swap, {"ana": "entry 2 was changed", "bea": "entry 2 was changed"}),
        (edited, {"ana": "entry 1 is not the one that the census counted",
                  "C": "the census counted 3 chains of the company, some of them otherwise"}),
        (edited_whole, {"": "the census was changed"}),
        (lambda kept: kept.tallies.clear(), {"": "the census is gone"}),
        (lambda kept: kept.tallies.pop("D"), {"D": "the company's part of the census was changed, or is gone",
                                              "": "the census counted 2 companies, 1 are there"}),
        (of_another, {"D": "the company's part of the census was changed, or is gone",
                      "": "the census counted 2 companies, 1 are there"}),
        (put_back, {"": "entries know of census 5, it is 3: an older one was put back"}),
        (begun_anew, {"": "entries know of another census: it was begun anew"}),
        (lambda kept: kept.catalogues.update(v1=False),
         {"": "catalogue v1: what is kept under this version is another, or none"}),
    ],
    ids=[
        "last cut", "chain dropped", "dropped with its count", "company dropped", "in plain hashes", "swapped",
        "count edited", "whole edited", "census gone", "tally gone", "tally of another", "older put back",
        "begun anew", "catalogue",
    ],
)  # fmt: skip
def test_what_somebody_without_the_key_does_shows(
    kept: Kept, tamper: Callable[[Kept], object], shows: dict[str, str]
) -> None:
    tamper(kept)
    assert kept.faults() == shows


def test_an_older_company_tally_shows_in_the_whole(kept: Kept) -> None:
    before, counted = kept.tallies["C"], dict(kept.counted)
    kept.add("C", "new")
    kept.count(number=5)
    kept.tallies["C"], kept.counted = before, counted
    assert kept.faults() == {"": "the census counted 2 companies, some of them otherwise"}


def test_a_plain_chain_is_one_of_before_until_all_are_keyed(kept: Kept) -> None:
    for is_keyed in (False, True):
        kept.in_plain("C", "bea")
        kept.count(is_keyed=is_keyed)
        assert bool(kept.faults()) is is_keyed


def test_without_any_census_plain_chains_are_just_chains() -> None:
    kept = Kept()
    kept.add("C", "C")
    kept.in_plain("C", "C")
    assert kept.faults() == {}


# ---- rows against what entries say ----------------------------------------------------------------------------------

SAID = (
    b'{"request 1":{"status":"in_kyc","attempt":1,"catalogue_version":"v1","#rejection":null},'
    b'"client":{"status":"pending"}}'
)
LATER = b'{"request 1":{"status":"enabled"}}'
AS_SAID: dict[str, Fields] = {
    "request 1": {"status": "enabled", "attempt": 1, "#rejection": None, "catalogue_version": "v1"},
    "client": {"status": "pending"}, "hit ab": {"state": "open"},
}  # fmt: skip


def told(kept: Kept, rows: dict[str, Fields], *more: bytes) -> str:
    for said in (SAID, LATER, *more):
        kept.add("C", "ana", said)
    kept.rows["C", "ana"] = rows
    kept.count()
    return kept.faults().get("ana", "")


def test_rows_that_are_as_the_last_entry_said_have_no_fault(kept: Kept) -> None:
    assert told(kept, AS_SAID) == ""


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
def test_a_row_that_is_otherwise_is_named(kept: Kept, rows: dict[str, Fields], shows: str) -> None:
    assert told(kept, {**AS_SAID, **rows}) == shows


def test_bytes_are_said_by_a_digest_and_nothing_as_nothing() -> None:
    assert digest_of(None) is None
    assert digest_of(b"sealed") == digest_of(memoryview(b"sealed")) != digest_of(b"")


def test_a_row_that_is_gone_is_named(kept: Kept) -> None:
    assert told(kept, {"client": AS_SAID["client"]}) == "request 1 is gone"


def test_rows_of_nobody_are_named(kept: Kept) -> None:
    kept.rows["C", "eve"] = {
        "client": {"status": "active"},
        "request 7": {"status": "enabled", "catalogue_version": "v1"},
    }
    assert kept.faults() == {"eve": "whoever they belong to is gone: client, request 7"}


def test_what_stood_at_an_upgrade_takes_the_place_of_all_that_was_said(kept: Kept) -> None:
    for said, action in ((SAID, "did"), (LATER, RECORDED)):
        kept.add("C", "ana", said, action=action)
    kept.rows["C", "ana"] = {"request 1": {"status": "enabled"}}
    kept.count()
    assert kept.faults() == {}


def test_what_cannot_be_read_is_a_fault_and_no_crash(kept: Kept) -> None:
    assert "entry 5 says of rows what cannot be read" in told(kept, AS_SAID, b"{")


def test_a_request_pinned_to_a_catalogue_that_is_not_kept_is_named(kept: Kept) -> None:
    kept.rows["C", "ana"] = {"request 1": {"catalogue_version": "v9"}, "request 2": {"catalogue_version": "v1"}}
    assert kept.faults()[""] == "catalogue v9: requests are pinned to it, and it is not kept"
