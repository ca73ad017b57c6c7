"""missing_requirements: what the shipped products ask in which situation, in the documented form."""

from __future__ import annotations

import pytest

from tests.contract.partner import ACCOUNTS, CARDS, CLIENTS, MARIA, PROFILE, Json, Partner, document, missing, without

IDENTITY = {"identity_document": ["passport", "national_id", "drivers_license"]}
ADDRESS = {"proof_of_address": ["utility_bill", "bank_statement", "lease_agreement"]}
PHONE, WORK = {"personal_information": ["phone"]}, {"personal_information": ["occupation"]}
TAX = {"tax_information": ["tax_id"]}
BARE = without(
    MARIA, "email", "second_name", "phone_country_code", "phone_number", "address.postal_code", "address.state"
)
PHONED = BARE | {"phone_country_code": 54, "phone_number": 1168860622}
WHOLE = PHONED | PROFILE


def living_in(body: Json, country: str, **changes: object) -> Json:
    return body | {"address": body["address"] | {"country": country}} | changes


def finances(*keys: str) -> dict[str, list[str]]:
    return {"financial_profile": list(keys)}


CASES: list[tuple[str, str, Json, dict[str, list[str]]]] = [
    ("cards, nothing told", CARDS, BARE, IDENTITY | PHONE),
    ("cards, a phone", CARDS, PHONED, IDENTITY),
    ("cards, more than is asked", CARDS, WHOLE, IDENTITY),
    ("cards, anywhere", CARDS, living_in(PHONED, "JPN"), IDENTITY),
    ("accounts, nothing told", ACCOUNTS, BARE,
     IDENTITY | ADDRESS | {"personal_information": ["phone", "occupation"]} | TAX
     | finances("annual_salary", "account_purpose", "expected_monthly_volume")),
    ("accounts, everything told", ACCOUNTS, WHOLE, IDENTITY | ADDRESS),
    ("accounts, no occupation", ACCOUNTS, without(WHOLE, "occupation"), IDENTITY | ADDRESS | WORK),
    ("accounts, no phone", ACCOUNTS, without(WHOLE, "phone_country_code", "phone_number"), IDENTITY | ADDRESS | PHONE),
    ("accounts, no salary", ACCOUNTS, without(WHOLE, "annual_salary"), IDENTITY | ADDRESS | finances("annual_salary")),
    ("accounts, no purpose", ACCOUNTS, without(WHOLE, "account_purpose"),
     IDENTITY | ADDRESS | finances("account_purpose")),
    ("accounts, a salary just below", ACCOUNTS, WHOLE | {"annual_salary": 149_999.99}, IDENTITY | ADDRESS),
    ("accounts, a salary at the line", ACCOUNTS, WHOLE | {"annual_salary": 150_000},
     IDENTITY | ADDRESS | finances("source_of_funds")),
    ("accounts, the same as text", ACCOUNTS, WHOLE | {"annual_salary": "150000.00"},
     IDENTITY | ADDRESS | finances("source_of_funds")),
    ("accounts, a volume at the line", ACCOUNTS, WHOLE | {"expected_monthly_volume": 20_000},
     IDENTITY | ADDRESS | finances("source_of_funds")),
    ("accounts, and where it comes from", ACCOUNTS, WHOLE | {"annual_salary": 1e6, "source_of_funds": "inheritance"},
     IDENTITY | ADDRESS),
    ("accounts, nothing earned", ACCOUNTS, WHOLE | {"annual_salary": 0, "expected_monthly_volume": 0},
     IDENTITY | ADDRESS),
    *((f"accounts in {country}, no tax id", ACCOUNTS, living_in(without(WHOLE, "tax_id"), country),
       IDENTITY | ADDRESS | TAX)
      for country in ("ARG", "BRA", "CHL", "COL", "ESP", "MEX", "PER", "PRT", "USA")),
    *((f"accounts in {country}, no tax id", ACCOUNTS, living_in(without(WHOLE, "tax_id"), country), IDENTITY | ADDRESS)
      for country in ("URY", "DEU", "JPN", "ATA")),
    ("accounts, in Portugal with one", ACCOUNTS, living_in(WHOLE, "PRT", tax_id="501964843"), IDENTITY | ADDRESS),
]  # fmt: skip


@pytest.mark.parametrize(("product", "details", "asked"), [row[1:] for row in CASES], ids=[row[0] for row in CASES])
async def test_what_is_asked(partner: Partner, product: str, details: Json, asked: dict[str, list[str]]) -> None:
    client = await partner.ok("POST", CLIENTS, details | {"email": "m@example.com"}, 201)
    request = await partner.ok("POST", f"{CLIENTS}/{client['id']}/products", {"subproduct": product}, 201)
    assert missing(request) == asked
    assert request["status"] == "pending_documentation"


async def test_a_missing_document_as_documented(partner: Partner) -> None:
    at = await partner.request(await partner.client())
    (asked,) = (await partner.read(at))["missing_requirements"]["documents"]
    kinds = asked.pop("valid_documents")
    assert asked.keys() == {"id", "name", "description", "required"}
    assert (asked["id"], asked["required"]) == ("identity_document", True)
    assert [(kind["id"], kind["require_back_image"]) for kind in kinds] == [
        ("passport", False),
        ("national_id", True),
        ("drivers_license", True),
    ]
    for kind in kinds:
        assert kind.keys() == {
            "id",
            "name",
            "description",
            "required",
            "require_image",
            "require_back_image",
            "metadata",
        }
        assert kind["required"] is kind["require_image"] is True
        assert kind["metadata"] == [
            {"id": "number", "name": "Document Number", "data_type": "STRING", "required": True},
            {"id": "issuing_country", "name": "Issuing Country", "data_type": "COUNTRY", "required": False},
            {"id": "expiration_date", "name": "Expiration Date", "data_type": "DATE", "required": False},
        ]


async def test_missing_data_as_documented(partner: Partner) -> None:
    client = await partner.client(
        phone_country_code=None, phone_number=None, expected_monthly_volume=20_000, annual_salary=1
    )
    groups = (await partner.read(await partner.request(client, ACCOUNTS)))["missing_requirements"]["data"]
    assert all(group.keys() == {"id", "name", "description", "required", "fields"} for group in groups)
    fields = {each.pop("key"): each for group in groups for each in group["fields"]}
    required = {"required": True}
    assert fields == {
        "phone": {"data_type": "PHONE"} | required,
        "occupation": {"data_type": "STRING"} | required,
        "account_purpose": {
            "data_type": "ENUM",
            "options": ["salary", "savings", "everyday_spending", "investments", "family_support", "business"],
        }
        | required,
        "source_of_funds": {
            "data_type": "ENUM",
            "options": [
                "employment",
                "own_business",
                "investments",
                "sale_of_property",
                "inheritance",
                "pension",
                "other",
            ],
        }
        | required,
        "tax_id": {"data_type": "TAX_ID"} | required,
    }


async def test_it_shrinks_step_by_step_to_nothing(partner: Partner) -> None:
    client = await partner.client()
    at = await partner.request(client, ACCOUNTS)
    steps: list[tuple[Json | None, Json | None, set[str]]] = [
        (
            None,
            None,
            {"identity_document", "proof_of_address", "personal_information", "financial_profile", "tax_information"},
        ),
        (PROFILE, None, {"identity_document", "proof_of_address"}),
        (None, document("national_id", 1, 2), {"proof_of_address"}),
        (None, document("lease_agreement", 3), set()),
    ]
    for details, sent, left in steps:
        if details:
            assert (await partner.replace(client, **details)).status_code == 200
        if sent:
            assert set(missing((await partner.send(at, sent))["product"])) == left
        assert set(missing(await partner.read(at))) == left
    assert (await partner.submit(at))["product"]["status"] == "in_kyc"


# ---- minimum age ----------------------------------------------------------------------------------------------------

AGES = [
    # birth date, today, from when (None: old enough)
    ("2008-04-15", "2026-04-15", None),
    ("2008-04-16", "2026-04-15", "2026-04-16"),
    ("2008-04-16", "2026-04-16", None),
    ("2008-02-29", "2026-02-28", "2026-03-01"),
    ("2008-02-29", "2026-03-01", None),
    ("2026-04-14", "2026-04-15", "2044-04-14"),
    ("1984-11-21", "2026-04-15", None),
]


@pytest.mark.parametrize(("birth", "today", "since"), AGES)
async def test_accounts_are_for_grown_ups_and_cards_for_everybody(
    partner: Partner, birth: str, today: str, since: str | None
) -> None:
    partner.clock.noon_of(today)
    client = await partner.client(birth_date=birth, **PROFILE)
    at, cards = await partner.request(client, ACCOUNTS), await partner.request(client)
    asked = {} if since is None else {"minimum_age": ["birth_date"]}
    await partner.send(at)
    assert missing((await partner.send(at, document("utility_bill", 1)))["product"]) == asked
    judged = await partner.submit(at)
    assert judged["product"]["status"] == ("in_kyc" if since is None else "pending_documentation")
    if since is not None:
        (item,) = judged["rejected_items"]
        shown = (item["type"], item["key"], item["code"], item["field"], item["retryable"])
        assert shown == ("data", "birth_date", "underage", "birth_date", False)
        assert since in item["reason"]
    assert (await partner.submit(cards))["product"]["status"] == "in_kyc"


async def test_on_the_birthday_the_same_request_goes_on(partner: Partner) -> None:
    client = await partner.client(birth_date="2008-05-01", **PROFILE)
    at = await partner.request(client, ACCOUNTS)
    await partner.send(at)
    await partner.send(at, document("utility_bill", 1))
    partner.clock.noon_of("2026-04-30")
    assert (await partner.submit(at))["product"]["status"] == "pending_documentation"
    partner.clock.noon_of("2026-05-01")
    assert missing(await partner.read(at)) == {}
    assert (await partner.submit(at))["product"]["status"] == "in_kyc"


# ---- conditions of a catalogue of one's own -------------------------------------------------------------------------


async def test_what_decides_is_asked_before_what_it_decides(tailored: Partner) -> None:
    client = await tailored.client()
    at = await tailored.request(client, "savings")
    for details, asked in (
        ({}, ["residence_permit"]),
        ({"residence_permit": True}, ["children"]),
        ({"residence_permit": True, "children": 0}, []),
        ({"residence_permit": False}, []),
    ):
        assert (await tailored.replace(client, **{"children": None} | details)).status_code == 200
        assert missing(await tailored.read(at)).get("family", []) == asked


@pytest.mark.parametrize(("country", "kinds"), [("ARG", ["passport", "permit"]), ("USA", ["passport"])])
async def test_only_alternatives_open_to_the_client_are_offered(
    tailored: Partner, country: str, kinds: list[str]
) -> None:
    client = await tailored.client(address=MARIA["address"] | {"country": country, "state": None})
    assert missing(await tailored.read(await tailored.request(client, "savings")))["identity"] == kinds
