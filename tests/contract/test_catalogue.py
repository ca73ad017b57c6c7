"""The catalogue as partners read it: whole, for one country, with the limits in force."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ostiary.app import Installation
from tests.contract.partner import (
    ACCOUNTS,
    CARDS,
    CATALOGUE,
    CLIENTS,
    Json,
    Partner,
    faults,
    missing,
    partnered,
    refusal,
)

ASKS_TAX_ID = ("ARG", "BRA", "CHL", "COL", "ESP", "MEX", "PER", "PRT", "USA")


def product(catalogue: Json, name: str) -> Json:
    return next(product for product in catalogue["products"] if product["id"] == name)


async def test_its_parts(partner: Partner) -> None:
    catalogue = await partner.ok("GET", CATALOGUE)
    assert catalogue.keys() == {"version", "products", "attributes", "limits"}
    assert {product["id"] for product in catalogue["products"]} == {CARDS, ACCOUNTS}
    assert {attribute["id"]: attribute["data_type"] for attribute in catalogue["attributes"]} == {
        "occupation": "STRING",
        "annual_salary": "DECIMAL",
        "account_purpose": "ENUM",
        "expected_monthly_volume": "DECIMAL",
        "source_of_funds": "ENUM",
        "tax_id": "TAX_ID",
    }
    assert "minimum_age" not in product(catalogue, CARDS)
    assert product(catalogue, ACCOUNTS)["minimum_age"] == 18


@pytest.mark.parametrize("country", [None, *ASKS_TAX_ID, "URY", "DEU", "ATA"])
async def test_for_a_country_without_what_would_never_apply_there(partner: Partner, country: str | None) -> None:
    catalogue = await partner.ok("GET", CATALOGUE + (f"?country={country}" if country else ""))
    groups = {group["id"]: group for group in product(catalogue, ACCOUNTS)["data"]}
    assert ("tax_information" in groups) is (country is None or country in ASKS_TAX_ID)
    if country is None:
        assert "country in" in groups["tax_information"]["when"]
    elif country in ASKS_TAX_ID:
        assert "when" not in groups["tax_information"]
    fields = {field["key"]: field for field in groups["financial_profile"]["fields"]}
    assert "annual_salary >= 150000.0" in fields["source_of_funds"]["when"]


@pytest.mark.parametrize("country", ["", "AR", "arg", "Argentina", "ZZZ"])
async def test_what_is_no_country(partner: Partner, country: str) -> None:
    answer = await partner.call("GET", CATALOGUE, params={"country": country})
    assert (refusal(answer), faults(answer)) == ((412, "VALIDATION_FAILED"), {("country", "VALUE_INVALID")})


@pytest.mark.parametrize(("country", "kinds"), [("ARG", ["passport", "permit"]), ("USA", ["passport"])])
async def test_alternatives_closed_in_a_country_are_left_out(tailored: Partner, country: str, kinds: list[str]) -> None:
    catalogue = await tailored.ok("GET", f"{CATALOGUE}?country={country}")
    (identity,) = product(catalogue, "savings")["documents"]
    assert [kind["id"] for kind in identity["valid_documents"]] == kinds
    assert identity["valid_documents"][0]["issuing_countries"] == ["ARG", "BRA"]


async def test_it_says_what_a_request_then_asks(partner: Partner) -> None:
    bare = {"phone_country_code": None, "phone_number": None}
    client = await partner.client(**bare)
    catalogue = await partner.ok("GET", f"{CATALOGUE}?country=ARG")
    for name in (CARDS, ACCOUNTS):
        published = product(catalogue, name)
        asked = missing(await partner.read(await partner.request(client, name)))
        documents = {
            document["id"]: [kind["id"] for kind in document["valid_documents"]] for document in published["documents"]
        }
        data = {
            group["id"]: [each["key"] for each in group["fields"] if "when" not in each] for group in published["data"]
        }
        assert asked == documents | data


async def test_its_rules_are_those_that_hold(partner: Partner) -> None:
    catalogue = await partner.ok("GET", CATALOGUE)
    for attribute in catalogue["attributes"]:
        for rule, value in (("minimum", attribute.get("minimum", 0) - 1), ("options", "none of them")):
            if rule in attribute:
                body = {
                    "first_name": "M",
                    "last_name": "B",
                    "email": "m@example.com",
                    "birth_date": "1984-11-21",
                    "address": {"street_line1": "F", "city": "C", "country": "ARG"},
                    attribute["id"]: value,
                }
                answer = await partner.call("POST", CLIENTS, body)
                assert faults(answer) == {(attribute["id"], "VALUE_INVALID")}


async def test_limits_are_those_in_force(shared: Installation) -> None:
    async with partnered(replace(shared), max_body_bytes=4_321_000) as partner:
        assert (await partner.ok("GET", CATALOGUE))["limits"] == {
            "max_body_bytes": 4_321_000,
            "max_picture_bytes": 12_000_000,
            "max_picture_pixels": 64_000_000,
            "min_picture_short_side_px": 250,
            "min_picture_long_side_px": 400,
            "picture_types": ["image/jpeg", "image/png", "image/webp", "image/bmp", "application/pdf", "image/heic"],
        }
