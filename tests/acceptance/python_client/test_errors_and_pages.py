"""Errors as classes with faults by field, lists as iteration, and clients between JSON and values."""

from __future__ import annotations

import pickle

import pytest

from ostiary_client import (
    AccessDenied,
    ApiError,
    AsyncOstiary,
    DocumentNotRequired,
    DuplicateClient,
    InvalidRequest,
    InvalidState,
    NewBrand,
    NotFound,
    Ostiary,
    ProductAlreadyRequested,
    ProductUnknown,
    Unauthorized,
    ValidationFailed,
)
from ostiary_client import NewDocument as Document
from tests.acceptance.conftest import RunningService
from tests.acceptance.python_client.conftest import Connect, key_of, passport, someone, submitted
from tests.material import picture

NO_ID = "0" * 32


async def test_every_fault_is_under_its_field(ostiary: AsyncOstiary) -> None:
    with pytest.raises(ValidationFailed) as refused:
        await ostiary.clients.create(someone(birth_date="2024-02-31", email="nobody"))
    error = refused.value
    assert set(error.faults_by_field) == {"birth_date", "email"}
    assert (error.status, error.code, len(error.trace_id)) == (412, "VALIDATION_FAILED", 32)
    assert "birth_date: " in str(error)
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own
    assert (type(again), str(again), again.faults) == (ValidationFailed, str(error), error.faults)


async def test_each_refusal_has_its_class(ostiary: AsyncOstiary) -> None:
    client = await ostiary.clients.create(someone())
    request = await ostiary.products.request(client, "cards_individuals")
    with pytest.raises(DuplicateClient) as duplicate:
        await ostiary.clients.create(someone(email=client.email.upper()))
    assert duplicate.value.faults[0].client_id == client.id
    with pytest.raises(ProductAlreadyRequested) as requested:
        await ostiary.products.request(client, "cards_individuals")
    assert requested.value.faults[0].product_request_id == request.id
    with pytest.raises(ProductUnknown):
        await ostiary.products.request(client, "no_such_product")
    with pytest.raises(DocumentNotRequired):
        await ostiary.products.upload(request, Document("library_card", front=picture(3)))
    with pytest.raises(NotFound):
        await ostiary.clients.read(NO_ID)
    with pytest.raises(InvalidRequest) as malformed:
        await ostiary.clients.create({"first_name": 1})
    assert "first_name" in malformed.value.faults_by_field
    with pytest.raises(InvalidState):
        await ostiary.sandbox.simulate(request, "enabled")


async def test_keys_are_refused_by_what_they_lack(connect: Connect, service: RunningService) -> None:
    async with connect(service.url, await key_of(service, 1)) as ostiary:
        client = await ostiary.clients.create(someone())
        with pytest.raises(AccessDenied):
            await ostiary.products.request(client, "cards_individuals")
    async with connect(service.url, "no-key") as ostiary:
        with pytest.raises(Unauthorized) as refused:
            await ostiary.catalogue.read()
        assert isinstance(refused.value, ApiError)
        assert not isinstance(refused.value, AccessDenied)


async def test_a_list_goes_over_its_pages(ostiary: AsyncOstiary) -> None:
    ids = [(await ostiary.clients.create(someone(first_name="Ana"))).id for _ in range(5)]
    listed: list[str] = []
    async for client in ostiary.clients.list(page_size=2):
        listed.append(client.id)
        if len(listed) == len(ids):
            break
    assert listed == list(reversed(ids))
    nobody = [client.id async for client in ostiary.clients.list(status="active", email="nobody@example.com")]
    assert nobody == []


async def test_attributes_of_the_catalogue_stand_beside(ostiary: AsyncOstiary) -> None:
    client = await ostiary.clients.create(someone(attributes={"occupation": "Teacher", "annual_salary": "30000.50"}))
    assert client.attributes == {"occupation": "Teacher", "annual_salary": "30000.50"}
    assert client.etag
    client = await ostiary.clients.update(client.changed(attributes={"occupation": "Judge"}), expand=["timestamps"])
    assert client.attributes == {"occupation": "Judge", "annual_salary": "30000.50"}
    assert client.created_at
    client = await ostiary.clients.update(client.id, someone(email=client.email))
    assert client.attributes == {}


async def test_what_can_be_got_wrong_is_told_before_it_is_sent(ostiary: AsyncOstiary) -> None:
    client = await ostiary.clients.create(someone())
    with pytest.raises(TypeError, match="fields"):
        await ostiary.clients.update(client.id)
    with pytest.raises(ValueError, match="must not be empty"):
        await ostiary.clients.read("")
    with pytest.raises(ValueError, match=r"client_id: \.\. is no id"):
        await ostiary.clients.read("..")
    [listed] = [each async for each in ostiary.clients.list(email=client.email)]
    with pytest.raises(ValueError, match="no version"):
        await ostiary.clients.update(listed, if_unchanged=True)
    with pytest.raises(ValueError, match="wait for one of"):
        await ostiary.products.wait_until((client.id, NO_ID), "enabeld")
    with pytest.raises(NotFound):
        await ostiary.clients.read("../products")


async def test_a_request_under_review_cannot_be_written_to(ostiary: AsyncOstiary) -> None:
    client, request = await submitted(ostiary, "REVIEW")
    with pytest.raises(InvalidState) as refused:
        await ostiary.clients.update(client.changed(last_name="Smith"))
    assert "last_name" in refused.value.faults_by_field
    with pytest.raises(InvalidState):
        await ostiary.products.upload(request, passport("AB"))
    with pytest.raises(InvalidState):
        await ostiary.products.confirm_renewal(request)


async def test_a_client_is_erased_by_a_key_of_level_four(connect: Connect, service: RunningService) -> None:
    async with connect(service.url, await key_of(service)) as ostiary:
        client = await ostiary.clients.create(someone())
        with pytest.raises(AccessDenied):
            await ostiary.clients.erase(client)
    async with connect(service.url, await key_of(service, 4)) as ostiary:
        assert (await ostiary.clients.erase(client)).client_id == client.id


async def test_a_brand_is_set_and_removed(ostiary: AsyncOstiary) -> None:
    brand = await ostiary.brand.set(NewBrand(name="Acme", primary_colour="#1d4f91"))
    assert (brand.name, brand.has_logo) == ("Acme", False)
    assert (await ostiary.brand.set_logo(picture(1, 200, 200))).has_logo
    assert not (await ostiary.brand.set_logo(None)).has_logo
    await ostiary.brand.remove()
    with pytest.raises(NotFound):
        await ostiary.brand.read()


def test_connections_of_its_own_are_closed(service: RunningService, key: str) -> None:
    with Ostiary(service.url + "/", key, language="es") as ostiary:
        assert ostiary.catalogue.read().products
    with pytest.raises(RuntimeError, match="closed"):
        ostiary.catalogue.read()


async def test_those_of_the_asynchronous_client_too(service: RunningService, key: str) -> None:
    async with AsyncOstiary(service.url, key) as ostiary:
        assert (await ostiary.catalogue.read()).products
    with pytest.raises(RuntimeError, match="closed"):
        await ostiary.catalogue.read()
