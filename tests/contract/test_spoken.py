"""Answers in the language that `Accept-Language` asks for; without it, and in English, as ever to the byte."""

from __future__ import annotations

from datetime import date

import httpx
import pytest

from ostiary.domain.documents.reading import Judgement, ReadingOutcome, Result, RuleEvidence
from ostiary.domain.rejections import Code
from ostiary.languages.speech import speech_in
from ostiary.wire.verification import judgement_answer
from tests.contract.partner import ACCOUNTS, CATALOGUE, CLIENTS, Json, Partner, document

EVERYTHING = "?expand=next_action,explain,rejected_items,forms"


def without_trace(answer: httpx.Response) -> list[tuple[str, str]]:
    """The headers, but for those that no two answers have alike."""
    return [(name, value) for name, value in answer.headers.items() if name not in ("x-trace-id", "ratelimit")]


async def read(partner: Partner, path: str, language: str | None) -> httpx.Response:
    return await partner.call("GET", path, headers={} if language is None else {"accept-language": language})


@pytest.fixture
async def sent_back(partner: Partner) -> str:
    """A request that came back for a blurred picture."""
    _, at = await partner.submitted("REVIEW01")
    await partner.rounds()
    await partner.send_back(at, "passport", Code.IMAGE_BLURRED)
    return at


async def test_a_request_is_told_in_spanish(partner: Partner, sent_back: str) -> None:
    answer = await read(partner, sent_back + EVERYTHING, "es-MX, en;q=0.5")
    body = answer.json()
    assert answer.headers["content-language"] == "es"
    assert "accept-language" in answer.headers["vary"]
    (asked,) = body["missing_requirements"]["documents"]
    assert (asked["id"], asked["name"]) == ("identity_document", "Documento de identidad")
    passport = asked["valid_documents"][0]
    assert (passport["name"], passport["metadata"][0]["name"]) == ("Pasaporte", "Número del documento")
    assert body["next_action"]["description"] == "Envíe lo que falta."
    (item,) = body["rejected_items"]
    assert (item["code"], item["reason"]) == ("image_blurred", "La imagen está borrosa.")
    assert item["action"].startswith("Mantenga")


@pytest.mark.parametrize("language", ["en", "en-GB, es;q=0.4", "*", "fr", "es;q=0, en", "", "es;q=2", "\u00e9"])
async def test_english_is_as_it_is_without_the_header(partner: Partner, sent_back: str, language: str) -> None:
    without = await read(partner, sent_back + EVERYTHING, None)
    header = {"accept-language": language.encode("latin-1")}
    other = await partner.call("GET", sent_back + EVERYTHING, headers=header)
    assert other.content == without.content
    assert without_trace(other) == without_trace(without)
    assert "content-language" not in other.headers


@pytest.mark.parametrize(("language", "name", "group"), [
    ("pt-BR", "Cartões", "Dados pessoais"), ("es", "Tarjetas", "Datos personales"),
    ("de, pt;q=0.2", "Cartões", "Dados pessoais"), (None, "Cards", "Personal information"),
])  # fmt: skip
async def test_the_catalogue_is_read_in_a_language(
    partner: Partner, language: str | None, name: str, group: str
) -> None:
    cards = (await read(partner, CATALOGUE, language)).json()["products"][0]
    assert (cards["name"], cards["data"][0]["name"]) == (name, group)
    assert cards["data"][0]["fields"][0]["name"] == {"C": "Telefone", "T": "Teléfono"}.get(
        name[0] if language else "", "Phone"
    )


async def test_both_answers_of_documentation_speak(partner: Partner) -> None:
    at = await partner.request(await partner.client())
    given = {"document": document(expiration_date="2020-01-02", number="?")}
    answer = await partner.call("POST", f"{at}/documentation", given, headers={"accept-language": "pt"})
    reasons = {item["code"]: item["reason"] for item in answer.json()["rejected_items"]}
    assert reasons["document_expired"] == "O documento venceu em 2020-01-02."
    assert reasons["metadata_invalid"] == "Número do documento tem 1 caracteres; são necessários pelo menos 4."
    answer = await partner.call("POST", f"{at}/submit", headers={"accept-language": "pt"})
    assert answer.headers["content-language"] == "pt"


async def test_the_groups_of_the_service_itself_speak_too(partner: Partner) -> None:
    partner.clock.noon_of("2026-05-01")
    at = await partner.request(await partner.client(birth_date="2010-06-01"), ACCOUNTS)
    body = (await read(partner, at + EVERYTHING, "es")).json()
    groups = {group["id"]: group["name"] for group in body["missing_requirements"]["data"]}
    assert groups["minimum_age"] == "Edad mínima"
    (item,) = body["rejected_items"]
    assert item["reason"] == f"El cliente debe tener 18 años, que cumple el {date(2028, 6, 1)}."


async def test_a_repeated_call_gets_the_first_answer_whatever_it_asks_for_now(partner: Partner) -> None:
    at = await partner.request(await partner.client())
    body = {"document": document(number="?")}
    first, second = [
        await partner.call(
            "POST", f"{at}/documentation", body, headers={"idempotency-key": "k1", "accept-language": language}
        )
        for language in ("es", "pt")
    ]
    assert second.headers["idempotency-replayed"] == "true"
    assert second.content == first.content


async def test_answers_without_texts_say_nothing_of_a_language(partner: Partner) -> None:
    client = await partner.client()
    assert "content-language" not in (await read(partner, f"{CLIENTS}/{client['id']}", "es")).headers


REFUSALS: list[tuple[str, str, Json | None, str, list[str]]] = [
    ("GET", f"{CLIENTS}/{'0' * 32}", None, "Ese cliente no existe.", []),
    ("GET", "/management/nothing", None, "No existe esa dirección; /docs enumera las que hay.", []),
    ("POST", f"{CLIENTS}/{'0' * 32}/terms", {"terms_id": "rules", "sha256": "0" * 64, "capacity": "nobody"}, "", []),
    ("GET", f"{CLIENTS}/{'0' * 32}/onboarding-links/{'0' * 32}", None, "Ese cliente no existe.", []),
    ("PUT", CATALOGUE, None, "Esta dirección responde a: GET.", []),
    ("GET", f"{CLIENTS}?limit=0", None, "", ["limit debe ser un número entero de 1 a 200"]),
    ("POST", CLIENTS, {"firstname": 1}, "", [
        "firstname no se conoce; ¿quiso decir first_name?", "first_name es obligatorio: un texto",
    ]),
]  # fmt: skip


@pytest.mark.parametrize(("method", "path", "body", "message", "details"), REFUSALS)
async def test_refusals_are_told_in_spanish_and_in_english_as_ever(
    partner: Partner, method: str, path: str, body: Json | None, message: str, details: list[str]
) -> None:
    answer = await partner.call(method, path, body, headers={"accept-language": "es"})
    spanish = answer.json()
    assert (answer.headers["content-language"], "accept-language" in answer.headers["vary"]) == ("es", True)
    assert not message or spanish["message"] == message
    assert [each["message"] for each in spanish.get("details", [])][: len(details)] == details
    plain, english = [
        (await partner.call(method, path, body, headers=headers)).json() for headers in ({}, {"accept-language": "en"})
    ]
    assert plain["message"] == english["message"] != spanish["message"]
    assert plain.get("details") == english.get("details")
    assert [each["code"] for each in spanish.get("details", [])] == [each["code"] for each in plain.get("details", [])]


async def test_options_are_called_by_their_names_where_answers_are_not_english(partner: Partner) -> None:
    def named(catalogue: Json) -> list[tuple[str, list[str]]]:
        return [(each["id"], each["option_names"]) for each in catalogue["attributes"] if "option_names" in each]

    assert not named((await read(partner, CATALOGUE, "en")).json())
    for each in (catalogue := (await read(partner, CATALOGUE, "es")).json())["attributes"]:
        assert "option_names" not in each or len(each["option_names"]) == len(each["options"])
    assert named(catalogue)


async def test_why_a_document_was_judged_so_is_told_in_spanish(partner: Partner) -> None:
    rule = RuleEvidence("digits", Result.DOUBTFUL, note="do not fit: birth_date")
    judged_as = Judgement(ReadingOutcome.REVIEW, (rule,))
    judged = judgement_answer(judged_as, speech_in("es"))
    assert judged.rules[0].note == "no coinciden: birth_date"
    assert judgement_answer(judged_as).rules[0].note == rule.note
