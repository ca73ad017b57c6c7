"""A company's own reference of a client: optional, one client for each, and found by it."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import msgspec
import pytest

from ostiary.adapters.config import catalogue_file
from ostiary.adapters.config.pinned_catalogues import PinnedCatalogues
from ostiary.api.reading.bodies import ClientBodies
from ostiary.domain.errors import CatalogueInvalid
from ostiary.wire.clients import client_answer
from tests import material
from tests.contract.partner import CLIENTS, MARIA, Partner, faults, refusal

FROM_BEFORE = """
attributes:
  reference: {name: Branch, type: INTEGER}
products:
  savings:
    name: Savings
    data:
      branch: {name: Branch, fields: [reference]}
"""
GOOD = ("A-1", "x" * 100, "crm/7 ü&=+%", "佐藤", "0", "👤")
BLANK_OR_WORSE = ("", " ", "x" * 101, "A\n1", "A\x7f", "A\u202eB", "\u2800")


@pytest.mark.parametrize("reference", GOOD)
async def test_it_is_told_back_and_finds_its_client(partner: Partner, reference: str) -> None:
    client = await partner.client(reference=reference)
    await partner.client(reference=f"{reference[1:]}-")
    await partner.client()
    assert client["reference"] == reference
    assert await partner.ok("GET", f"{CLIENTS}/{client['id']}") == client
    assert await partner.ok("GET", f"{CLIENTS}?reference={quote(reference, safe='')}") == [client]


async def test_who_has_none_has_no_such_field(partner: Partner) -> None:
    client = await partner.client()
    with_null = await partner.client(reference=None)
    assert "reference" not in client
    assert "reference" not in with_null
    assert len(await partner.ok("GET", CLIENTS)) == 2
    assert await partner.ok("GET", f"{CLIENTS}?reference=") == []


async def test_blanks_around_it_do_not_count_and_case_does(partner: Partner) -> None:
    client = await partner.client(reference="  Crm 7 ")
    assert client["reference"] == "Crm 7"
    assert await partner.ok("GET", f"{CLIENTS}?reference=%20Crm%207") == [client]
    assert await partner.ok("GET", f"{CLIENTS}?reference=crm%207") == []
    assert (await partner.client(reference="crm 7"))["reference"] == "crm 7"


async def test_it_narrows_with_the_other_filters(partner: Partner) -> None:
    client = await partner.client(reference="A-1")
    other = await partner.client()
    for query, expected in (
        ("status=pending", [client]),
        ("status=active", []),
        (f"email={client['email']}", [client]),
        (f"email={other['email']}", []),
        ("limit=1", [client]),
        (f"cursor={client['id']}", []),
    ):
        assert await partner.ok("GET", f"{CLIENTS}?reference=A-1&{query}") == expected


@pytest.mark.parametrize("method", ["POST", "PUT"])
@pytest.mark.parametrize("reference", BLANK_OR_WORSE)
async def test_one_that_cannot_be_is_refused_by_name(partner: Partner, method: str, reference: str) -> None:
    path = CLIENTS if method == "POST" else f"{CLIENTS}/{(await partner.client())['id']}"
    answer = await partner.call(method, path, MARIA | {"reference": reference})
    assert refusal(answer) == (412, "VALIDATION_FAILED")
    assert faults(answer) == {("reference", "VALUE_INVALID")}


@pytest.mark.parametrize("wrong", [7, True, ["A-1"], {}])
async def test_it_is_a_text(partner: Partner, wrong: Any) -> None:
    answer = await partner.call("POST", CLIENTS, MARIA | {"reference": wrong})
    assert (refusal(answer), faults(answer)) == ((400, "INVALID_REQUEST"), {("reference", "FIELD_TYPE")})


@pytest.mark.parametrize("method", ["POST", "PUT"])
async def test_a_second_client_with_it_is_refused_and_the_first_is_named(partner: Partner, method: str) -> None:
    holder = await partner.client(reference="A-1")
    other = await partner.client()
    path = CLIENTS if method == "POST" else f"{CLIENTS}/{other['id']}"
    answer = await partner.call(method, path, MARIA | {"email": "new@example.com", "reference": "A-1"})
    assert refusal(answer) == (412, "DUPLICATE_CLIENT")
    [fault] = answer.json()["details"]
    assert (fault["field"], fault["code"], fault["client_id"]) == ("reference", "DUPLICATE_CLIENT", holder["id"])
    both = await partner.call(method, path, MARIA | {"email": holder["email"].upper(), "reference": "A-1"})
    assert faults(both) == {("email", "DUPLICATE_CLIENT"), ("reference", "DUPLICATE_CLIENT")}


async def test_another_company_may_use_the_same(partner: Partner) -> None:
    await partner.client(reference="A-1")
    other = await partner.another()
    assert (await other.call("POST", CLIENTS, MARIA | {"reference": "A-1"})).status_code == 201
    assert len(await other.ok("GET", f"{CLIENTS}?reference=A-1")) == 1


async def test_left_out_of_a_put_it_is_cleared_and_free_again(partner: Partner) -> None:
    client = await partner.client(reference="A-1")
    path = f"{CLIENTS}/{client['id']}"
    assert await partner.ok("PUT", path, client) == client, "what GET gave may be sent back"
    cleared = await partner.ok("PUT", path, {name: value for name, value in client.items() if name != "reference"})
    assert "reference" not in cleared
    assert await partner.ok("GET", f"{CLIENTS}?reference=A-1") == []
    assert (await partner.client(reference="A-1"))["reference"] == "A-1"
    assert (await partner.ok("PUT", path, client | {"reference": "B-2"}))["reference"] == "B-2"


async def test_one_that_goes_with_a_wrong_type_elsewhere_is_still_told(partner: Partner) -> None:
    answer = await partner.call("POST", CLIENTS, MARIA | {"first_name": 7, "reference": ""})
    assert faults(answer) == {("first_name", "FIELD_TYPE"), ("reference", "VALUE_INVALID")}


def test_where_a_kept_catalogue_declares_an_attribute_of_that_name_it_means_what_it_meant() -> None:
    """Earlier releases let a catalogue call an attribute so. A new one may not, and what is pinned is still served."""
    with pytest.raises(CatalogueInvalid, match="'reference' is something every client has"):
        catalogue_file.parse(FROM_BEFORE, "new.yaml")
    earlier = catalogue_file.parse(FROM_BEFORE, "kept", is_kept=True)
    pinned = PinnedCatalogues(catalogue_file.default(), [earlier.version], {earlier.version: FROM_BEFORE}.get)
    assert pinned[earlier.version].products.keys() == {"savings"}
    bodies = ClientBodies(pinned.attributes)
    body: Any = msgspec.convert(MARIA | {"reference": 7}, bodies.create)
    profile = bodies.profile(body)
    assert (profile.reference, profile.attributes["reference"]) == (None, 7)
    assert client_answer(material.client(profile=profile))["reference"] == 7
