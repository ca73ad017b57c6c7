"""What somebody does who can write to the database and has no key is named, without a checkpoint."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from ostiary.adapters.config.catalogue_file import default, default_source
from ostiary.adapters.config.pinned_catalogues import PinnedCatalogues
from ostiary.domain.audit.trail import FIRST_HASH
from ostiary.domain.errors import CatalogueInvalid
from ostiary.domain.review.verdicts import Decision
from ostiary.storage.store import Store
from ostiary.usecases.clients.individuals import update_client
from tests.house import House
from tests.material import profile
from tests.storage.lived import Lived, rewritten


async def test_what_nobody_touched_is_as_the_trail_says(lived: Lived) -> None:
    assert lived.faults() == {}
    assert len(lived.rows("SELECT * FROM audit_census")) == 6


# ---- the table of tamperings ----------------------------------------------------------------------------------------

CUT = (
    "UPDATE clients SET chain_length = chain_length - 1, chain_head = (SELECT hash FROM audit_entries WHERE "
    "owner = '{bea}' AND position = (SELECT max(position) - 1 FROM audit_entries WHERE owner = '{bea}')) "
    "WHERE client_id = '{bea}'",
    "DELETE FROM audit_entries WHERE owner = '{bea}' AND position > (SELECT chain_length FROM clients WHERE "
    "client_id = '{bea}')",
)
DROPPED = (
    "DELETE FROM audit_entries WHERE owner = '{bea}'", "DELETE FROM enablements WHERE client_id = '{bea}'",
    "DELETE FROM documents WHERE client_id = '{bea}'", "DELETE FROM clients WHERE client_id = '{bea}'",
)  # fmt: skip
SWAPPED = tuple(
    f"UPDATE audit_entries SET owner = '{after}' WHERE owner = '{before}' AND position = 1"  # noqa: S608
    for before, after in (("{ana}", "x"), ("{cid}", "{ana}"), ("x", "{cid}"))
)
OTHER_GONE = tuple(
    f"DELETE FROM {table} WHERE company_id = '{{Other}}'"  # noqa: S608
    for table in ("audit_entries", "audit_census", "audit_tallies", "clients", "companies")
)


@pytest.mark.parametrize(
    ("texts", "whose", "shows"),
    [
        (["UPDATE enablements SET status = 'enabled' WHERE enablement_id = '{bea_request}'"], "bea",
         "request {bea_request}: status is enabled, entry 4 says in_kyc"),
        (["UPDATE enablements SET catalogue_version = 'older' WHERE enablement_id = '{ana_request}'"], "ana",
         "request {ana_request}: catalogue_version is older, entry 2 says "),
        (["UPDATE enablements SET review = 'change' WHERE enablement_id = '{bea_request}'"], "bea",
         "request {bea_request}: review is change, entry 4 says nothing"),
        (["UPDATE clients SET status = 'active' WHERE client_id = '{cid}'"], "cid",
         "client: status is active, entry 2 says pending"),
        (["UPDATE clients SET email_mark = x'00' WHERE client_id = '{cid}'"], "cid",
         "client: email_mark is not what was written last, by entry 1"),
        (["UPDATE documents SET status = 'replaced' WHERE client_id = '{ana}'"], "ana",
         ": status is replaced, entry 3 says accepted"),
        (["UPDATE api_keys SET level = 5 WHERE key_id = '{key}'"], "Acme",
         "key {key}: level is 5, entry 2 says 3"),
        (["UPDATE api_keys SET revoked_at_ms = NULL WHERE key_id = '{gone}'"], "Acme",
         "key {gone}: revoked_at_ms is nothing, entry 4 says "),
        (["UPDATE api_keys SET allowed = '0.0.0.0/0' WHERE key_id = '{key}'"], "Acme",
         "key {key}: allowed is 0.0.0.0/0, entry 5 says 203.0.113.0/25"),
        (["UPDATE api_keys SET expires_at_ms = 9 WHERE key_id = '{key}'"], "Acme",
         "key {key}: expires_at_ms is 9, entry 5 says nothing"),
        (["DELETE FROM api_keys WHERE key_id = '{gone}'"], "Acme", "key {gone} is gone"),
        (["INSERT INTO api_keys SELECT company_id, 'mine', x'00', 5, '', 1, NULL, NULL FROM companies "
          "WHERE company_id = '{Acme}'"], "Acme", "key mine is there, and no entry says where from"),
        (["UPDATE companies SET environment = 'production' WHERE company_id = '{Acme}'"], "Acme",
         "company: environment is production, entry 1 says sandbox"),
        (["UPDATE audit_entries SET actor = 'operator:eve' WHERE owner = '{ana}' AND position = 2"], "ana",
         "entry 2 was changed"),
        (["DELETE FROM audit_entries WHERE owner = '{ana}' AND position = 2"], "ana", "entry 2 is missing"),
        (CUT, "bea", "the census counted 4 entries, 3 are there"),
        ([*CUT, "DELETE FROM audit_census WHERE owner = '{bea}'"], "Acme",
         "the census counted 4 chains of the company, 3 are there"),
        ([*CUT, "UPDATE audit_census SET length = length - 1 WHERE owner = '{bea}'"], "bea",
         "entry 3 is not the one that the census counted"),
        (DROPPED, "bea", "the census counted 4 entries, the chain is gone"),
        ([*DROPPED, "DELETE FROM audit_census WHERE owner = '{bea}'"], "Acme",
         "the census counted 4 chains of the company, 3 are there"),
        (OTHER_GONE, "", "the census counted 2 companies, 1 are there"),
        (SWAPPED, "ana", "entry 1 was changed"),
        (SWAPPED, "cid", "entry 1 was changed"),
        (["DELETE FROM audit_tallies WHERE company_id = ''"], "", "the census is gone"),
        (["DELETE FROM audit_tallies WHERE company_id = '{Other}'"], "Other",
         "the company's part of the census was changed, or is gone"),
        (["UPDATE audit_tallies SET content = (SELECT content FROM audit_tallies WHERE company_id = '{Other}') "
          "WHERE company_id = ''"], "", "the census was changed"),
        (["UPDATE audit_tallies SET content = 'no digits' WHERE company_id = ''"], "", "the census was changed"),
        (["UPDATE catalogues SET source = replace(source, 'passport', 'passwort')"], "",
         ": what is kept under this version is another, or none"),
        (["DELETE FROM catalogues"], "", ": requests are pinned to it, and it is not kept"),
    ],
)  # fmt: skip
async def test_a_change_by_sql_is_named(lived: Lived, texts: list[str], whose: str, shows: str) -> None:
    lived.do(*texts)
    assert shows.format(**lived.ids) in "\n".join(lived.faults()[whose])


MADE_UP = {
    "a client": "INSERT INTO clients SELECT company_id, 'made_up', 1, 'active', x'00', data_key, details, 0, {nothing}"
    ", created_at_ms, updated_at_ms, NULL, NULL, NULL, NULL FROM clients WHERE client_id = '{ana}'",
    "a company": "INSERT INTO companies SELECT 'made_up', environment, 1, data_key, settings, 0, {nothing}, "
    "created_at_ms FROM companies WHERE company_id = '{Acme}'",
}


@pytest.mark.parametrize("text", MADE_UP.values(), ids=MADE_UP)
async def test_whoever_no_entry_tells_of_is_named_also_once_all_chains_were_gone_through(
    lived: Lived, text: str
) -> None:
    lived.ids["nothing"] = f"x'{FIRST_HASH.hex()}'"
    lived.do(text)
    for _ in range(2):
        assert lived.faults() == {"made_up": ["no entry says where it comes from"]}
        await lived.store.recount(lived.house.clock.now_ms)


async def test_a_chain_rewritten_in_plain_hashes_is_named(lived: Lived) -> None:
    rewritten(lived, "ana", action="nothing")
    assert lived.faults() == {"ana": ["entry 5 is not the one that the census counted"]}
    await lived.store.recount(lived.house.clock.now_ms)
    assert "entry 5 is not the one that the census counted" in lived.faults()["ana"], "nor does going on hide it"


async def test_once_all_are_keyed_a_plain_chain_is_a_forgery_even_uncounted(lived: Lived) -> None:
    await lived.store.recount(lived.house.clock.now_ms)
    rewritten(lived, "ana", action="nothing")
    lived.do("DELETE FROM audit_census WHERE owner = '{ana}'")
    faults = lived.faults()
    assert faults["ana"] == ["no entry of it is keyed, and all chains were: it was written anew"]
    assert faults["Acme"] == ["the census counted 4 chains of the company, 3 are there"]


def rows_of(lived: Lived, *tables: str) -> list[tuple[str, list[tuple[Any, ...]]]]:
    return [(table, lived.shelf.rows(f"SELECT * FROM {table}")) for table in tables]  # noqa: S608


def put_back(lived: Lived, rows: list[tuple[str, list[tuple[Any, ...]]]]) -> None:
    for table, some in rows:
        lived.shelf.spoil_schema(f"DELETE FROM {table}")  # noqa: S608
        for row in some:
            lived.shelf.spoil(f"INSERT INTO {table} VALUES ({', '.join('?' * len(row))})", *row)  # noqa: S608


async def test_an_older_census_put_back_shows_in_every_younger_entry(lived: Lived) -> None:
    """With a chain of that time: as somebody does who copied the tables before, and watched every commit."""
    before = rows_of(lived, "audit_census", "audit_tallies")
    house = lived.house
    await house.judge(lived.ids["bea"], lived.ids["bea_request"], Decision.REJECT)
    await lived.store.census.count(house.clock.now_ms)
    await house.request(lived.ids["cid"])
    await lived.store.census.count(house.clock.now_ms)
    assert lived.faults() == {}
    put_back(lived, before)
    lived.do(*CUT)
    [shown] = lived.faults()[""]
    assert shown.endswith("an older one was put back")


async def younger(lived: Lived) -> None:
    """What happens after somebody copied the census."""
    await lived.house.judge(lived.ids["bea"], lived.ids["bea_request"], Decision.REJECT)
    await lived.store.census.count(lived.house.clock.now_ms)
    await lived.house.request(lived.ids["cid"])
    await lived.store.census.count(lived.house.clock.now_ms)


def serve(lived: Lived, store: Store) -> House:
    house = lived.house
    house.parts.store = store
    house.context = house.parts.context = replace(house.context, storage=store)
    return house


async def goes_on(lived: Lived, store: Store, *, younger_grow: bool = False) -> None:
    """The service: clients come; the chain that knows of the younger census grows, or not."""
    house = serve(lived, store)
    for _ in range(3):
        await house.client(email=f"{uuid4().hex}@example.com")
        if younger_grow:
            await house.do(update_client, lived.ids["cid"], profile(email="cid@example.com", last_name=uuid4().hex))
        await store.census.count(house.clock.now_ms)
    await store.recount(house.clock.now_ms)


@pytest.mark.parametrize("younger_grow", [False, True], ids=["new chains", "younger chains"])
@pytest.mark.parametrize("is_restarted", [False, True], ids=["the same process", "others"])
async def test_an_older_census_put_back_shows_however_long_counting_goes_on(
    lived: Lived, is_restarted: bool, younger_grow: bool
) -> None:
    before = rows_of(lived, "audit_census", "audit_tallies")
    await younger(lived)
    put_back(lived, before)
    lived.do(*CUT)
    for _ in range(3):
        await goes_on(lived, lived.shelf.open() if is_restarted else lived.store, younger_grow=younger_grow)
        [shown] = lived.faults()[""]
        assert shown.endswith("an older one was put back")


async def test_a_process_that_had_nothing_to_count_does_not_go_on_with_an_older_census(lived: Lived) -> None:
    idle = lived.shelf.open()
    await idle.recount(lived.house.clock.now_ms)
    before = rows_of(lived, "audit_census", "audit_tallies")
    await younger(lived)
    await idle.census.count(lived.house.clock.now_ms)
    put_back(lived, before)
    lived.do(*CUT)
    await goes_on(lived, idle)
    assert lived.faults()[""][0].endswith("an older one was put back")


async def test_the_end_of_a_chain_says_the_newest_census_that_its_entries_knew(lived: Lived) -> None:
    idle = lived.shelf.open()
    await idle.census.state(lived.house.clock.now_ms)
    await younger(lived)
    await lived.house.look(lived.ids["bea"], lived.ids["bea_request"])
    serve(lived, idle)
    await lived.house.look(lived.ids["bea"], lived.ids["bea_request"])
    last, before = [entry.stamp for entry in await idle.audit.entries(lived.ids["Acme"], lived.ids["bea"])][:-3:-1]
    assert last == before
    assert lived.faults() == {}


async def test_a_chain_that_was_cut_stays_known_when_it_grows_again(lived: Lived) -> None:
    lived.do(*CUT)
    await lived.house.look(lived.ids["bea"], lived.ids["bea_request"])
    await lived.house.look(lived.ids["bea"], lived.ids["bea_request"])
    await lived.store.census.count(lived.house.clock.now_ms)
    assert "entry 4 is not the one that the census counted" in lived.faults()["bea"]


async def test_an_older_row_put_back_is_named(lived: Lived) -> None:
    before = rows_of(lived, "enablements")
    await lived.house.judge(lived.ids["bea"], lived.ids["bea_request"], Decision.REJECT)
    put_back(lived, before)
    faults = lived.faults()["bea"]
    assert f"request {lived.ids['bea_request']}: status is in_kyc, entry 5 says rejected" in faults
    assert f"request {lived.ids['bea_request']}: rejection is not what was written last, by entry 5" in faults


async def test_a_changed_catalogue_is_refused_wherever_it_is_loaded(lived: Lived) -> None:
    text = default_source().replace("passport", "passwort")
    lived.shelf.spoil("UPDATE catalogues SET source = ?", text)
    now = default()
    catalogues = PinnedCatalogues(  # as the next process opens it, under another catalogue
        replace(now, version="another"),
        lived.store.installation.catalogue_versions(),
        lived.store.installation.catalogue_source,
    )
    assert now.version not in list(catalogues)
    with pytest.raises(CatalogueInvalid, match="was changed"):
        catalogues[now.version]
