"""A client accepts terms: one text that is asked of it, once, with what proves it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from ostiary.adapters.config import catalogue_file
from ostiary.adapters.config.pinned_catalogues import PinnedCatalogues
from ostiary.domain.clients.client import ClientStatus
from ostiary.domain.errors import Broken, InvalidState, NotFound, ValidationFailed
from ostiary.domain.onboarding.enablement import Status
from ostiary.domain.terms.acceptance import Acceptance, ActingAs, Channel
from ostiary.domain.times import DAY_MS
from ostiary.domain.unit import Unit
from ostiary.storage import opening
from ostiary.usecases.onboarding.products import withdraw_product
from ostiary.usecases.terms import accept
from ostiary.usecases.terms.accept import accept_terms
from ostiary.usecases.terms.read_terms import list_acceptances, prove_acceptance, read_terms
from tests.house import House, open_house
from tests.material import NOW_MS
from tests.terms import ENGLISH, SPANISH, circumstances, hash_of, named, write

LATER = {"en": "You may pay more."}


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[House]:
    with open_house(tmp_path / "data", OSTIARY_CATALOGUE=str(write(tmp_path / "catalogues"))) as house:
        yield house


@pytest.fixture
async def paying(opened: House) -> House:
    """A company whose one product asks for terms and nothing else."""
    opened.caller = await opened.found_company()
    return opened


async def accepted(house: House, client_id: str, **changes: str) -> Acceptance:
    return await house.do(accept_terms, client_id, named(**changes), circumstances())


def replaced(house: House, folder: Path, **changes: str) -> None:
    """As a restart with another catalogue file would."""
    current = catalogue_file.load(write(folder, "v2", LATER, **changes))
    store = house.parts.store
    opening.keep_catalogue(store.engine, current.version, current.source, NOW_MS, current.texts)
    versions = store.installation.catalogue_versions()
    catalogues = PinnedCatalogues(current, versions, store.installation.catalogue_source)
    house.context = replace(house.context, catalogues=catalogues)


async def test_a_request_waits_for_terms_and_goes_on_once_they_are_accepted(paying: House) -> None:
    client = await paying.client()
    request = await paying.request(client.id, "pay")
    assert request.status is Status.PENDING_DOCUMENTATION
    acceptance = await accepted(paying, client.id)
    assert (acceptance.terms_id, acceptance.version, acceptance.language) == ("rules", "v1", "en")
    assert (acceptance.name, acceptance.recorded_at_ms) == ("Rules", NOW_MS)
    assert (await paying.submit(client.id, request.id)).enablement.status is Status.IN_KYC
    assert paying.actions(client.id) == ["client_created", "product_requested", "terms_accepted", "product_submitted"]


async def test_terms_count_for_later_requests_as_well(paying: House) -> None:
    client = await paying.client()
    first = await paying.request(client.id, "pay")
    await accepted(paying, client.id)
    await paying.do(withdraw_product, client.id, first.id)
    assert (await paying.request(client.id, "pay")).status is Status.REQUESTED


async def test_the_same_text_is_accepted_once(paying: House) -> None:
    client = await paying.client()
    await paying.request(client.id, "pay")
    first = await accepted(paying, client.id)
    paying.clock.now_ms += 1000
    other = circumstances(name="Ana Barber", capacity=ActingAs.GUARDIAN)
    assert await paying.do(accept_terms, client.id, named(), other) == first
    second = await accepted(paying, client.id, language="es", text=SPANISH)
    assert await accepted(paying, client.id, language="es", text=SPANISH) == second
    assert await list_acceptances(paying.context, paying.caller, client.id) == (second, first)


async def test_two_at_once_keep_one(paying: House) -> None:
    client = await paying.client()
    await paying.request(client.id, "pay")
    both = await asyncio.gather(accepted(paying, client.id), accepted(paying, client.id))
    assert both[0] == both[1]
    assert len(await list_acceptances(paying.context, paying.caller, client.id)) == 1


async def test_every_fault_is_told_at_once(paying: House) -> None:
    client = await paying.client()
    await paying.request(client.id, "pay")
    with pytest.raises(ValidationFailed) as refused:
        await paying.do(accept_terms, client.id, named("v9", "es"), circumstances(name=""))
    assert [fault.field for fault in refused.value.faults] == ["version", "language", "accepted_by.name"]


async def test_nothing_is_accepted_that_is_not_asked(paying: House) -> None:
    client = await paying.client()
    with pytest.raises(ValidationFailed) as refused:
        await accepted(paying, client.id)
    assert refused.value.faults[0].code == "TERMS_NOT_ASKED"
    with pytest.raises(NotFound):
        await accepted(paying, "0" * 32)


async def test_a_rejected_client_accepts_nothing_more(paying: House) -> None:
    client = await paying.client()
    await paying.request(client.id, "pay")
    now = (await paying.dossier(client.id)).client
    unit = Unit(client.company_id, NOW_MS, replace(now, status=ClientStatus.REJECTED))
    assert await paying.context.storage.commit(unit) is None
    with pytest.raises(InvalidState, match="was rejected"):
        await accepted(paying, client.id)


async def test_there_is_an_end_of_acceptances(paying: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accept, "MOST_ACCEPTANCES", 1)
    client = await paying.client()
    await paying.request(client.id, "pay")
    await accepted(paying, client.id)
    with pytest.raises(InvalidState, match="accepted 1 texts"):
        await accepted(paying, client.id, language="es", text=SPANISH)


async def test_a_request_of_before_asks_for_its_own_version(paying: House, tmp_path: Path) -> None:
    client = await paying.client()
    old = await paying.request(client.id, "pay")
    replaced(paying, tmp_path / "next")
    await accepted(paying, client.id)
    assert (await paying.submit(client.id, old.id)).enablement.status is Status.IN_KYC
    other = await paying.client(email="other@example.com")
    assert (await paying.request(other.id, "pay")).status is Status.PENDING_DOCUMENTATION
    with pytest.raises(ValidationFailed) as refused:
        await accepted(paying, other.id)
    assert hash_of(LATER["en"]) in refused.value.faults[0].message
    await accepted(paying, other.id, version="v2", text=LATER["en"])


async def test_a_later_version_serves_a_request_of_before(paying: House, tmp_path: Path) -> None:
    client = await paying.client()
    old = await paying.request(client.id, "pay")
    replaced(paying, tmp_path / "next", more="  lend: {name: Lend, terms: [rules]}\n")
    await paying.request(client.id, "lend")
    await accepted(paying, client.id, version="v2", text=LATER["en"])
    assert (await paying.submit(client.id, old.id)).enablement.status is Status.IN_KYC


@pytest.mark.parametrize(("re_accept", "waits"), [("all", True), ("{by: 2026-04-16}", False), ("new", False)])
async def test_a_version_may_bind_requests_of_before(
    paying: House, tmp_path: Path, re_accept: str, waits: bool
) -> None:
    client = await paying.client()
    old = await paying.request(client.id, "pay")
    await accepted(paying, client.id)
    replaced(paying, tmp_path / "next", re_accept=re_accept)
    if not waits and "by" in re_accept:
        assert (await paying.dossier(client.id)).client.accepted
        paying.clock.now_ms += DAY_MS
        waits = True
    state = await paying.submit(client.id, old.id)
    assert (state.enablement.status is Status.IN_KYC) is not waits
    if waits:
        await accepted(paying, client.id, version="v2", text=LATER["en"])
        assert (await paying.submit(client.id, old.id)).enablement.status is Status.IN_KYC


async def test_what_will_bind_can_be_accepted_before_its_day(paying: House, tmp_path: Path) -> None:
    client = await paying.client()
    old = await paying.request(client.id, "pay")
    replaced(paying, tmp_path / "next", re_accept="{by: 2026-04-16}")
    await accepted(paying, client.id, version="v2", text=LATER["en"])
    assert (await paying.submit(client.id, old.id)).enablement.status is Status.IN_KYC


# ---- reading and proving ----


async def test_terms_are_read_in_the_nearest_language(paying: House) -> None:
    spanish = await read_terms(paying.context, "rules", "es-MX")
    assert (spanish.text, spanish.wording.sha256) == (SPANISH, hash_of(SPANISH))
    assert (await read_terms(paying.context, "rules", "fr")).text == ENGLISH
    with pytest.raises(NotFound, match="known: rules"):
        await read_terms(paying.context, "rule", "en")


async def test_an_earlier_text_is_read_by_its_hash(paying: House, tmp_path: Path) -> None:
    replaced(paying, tmp_path / "next")
    assert (await read_terms(paying.context, "rules", "en")).text == LATER["en"]
    earlier = await read_terms(paying.context, "rules", "en", hash_of(ENGLISH))
    assert (earlier.terms.version, earlier.text) == ("v1", ENGLISH)
    for terms_id, sha256 in (("rules", hash_of("another")), ("others", hash_of(ENGLISH))):
        with pytest.raises(NotFound, match="No version"):
            await read_terms(paying.context, terms_id, "en", sha256)


async def test_a_proof_has_the_text_and_the_audit_entry(paying: House) -> None:
    client = await paying.client()
    await paying.request(client.id, "pay")
    given = circumstances(channel=Channel.PAPER, ip_address="", user_agent="")
    acceptance = await paying.do(accept_terms, client.id, named(language="es", text=SPANISH), given)
    proof = await prove_acceptance(paying.context, paying.caller, client.id, acceptance.id)
    assert (proof.acceptance, proof.text, proof.client.id) == (acceptance, SPANISH, client.id)
    assert (proof.entry.action, proof.entry.subject) == ("terms_accepted", acceptance.id)
    assert proof.entry.codes == ("rules", "v1", "es", hash_of(SPANISH))


async def test_there_is_no_proof_of_what_is_not_there(paying: House) -> None:
    client = await paying.client()
    for acceptance_id in ("0" * 32, "none"):
        with pytest.raises(NotFound):
            await prove_acceptance(paying.context, paying.caller, client.id, acceptance_id)


@pytest.mark.parametrize("table", ["terms_texts", "audit_entries", "terms_acceptances"])
async def test_what_is_gone_is_said(paying: House, table: str) -> None:
    client = await paying.client()
    await paying.request(client.id, "pay")
    acceptance = await accepted(paying, client.id)
    with paying.parts.store.engine.blocking() as aside:
        aside.rows(f"DELETE FROM {table}")  # noqa: S608
    if table == "terms_acceptances":
        with pytest.raises(NotFound):
            await accepted(paying, client.id)
        return
    with pytest.raises(Broken):
        await prove_acceptance(paying.context, paying.caller, client.id, acceptance.id)
