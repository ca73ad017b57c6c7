"""A catalogue that is published while the service runs: it follows, and starts with it again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ostiary.adapters.config.catalogue_file import default_source
from tests.acceptance.conftest import RunningService
from tests.acceptance.onboarding import until

FOLLOWED_S = 60
CARDS = "cards_individuals"
ADA = {
    "first_name": "Ada", "last_name": "B", "email": "ada@example.com", "birth_date": "1990-01-01",
    "address": {"street_line1": "A 1", "city": "B", "country": "ARG"},
}  # fmt: skip
NONE = {"moves": 0, "there_already": 0, "asks_more": 0, "not_offered": 0, "not_open": 0}
NICKNAME = "  nickname: {name: Nickname, type: STRING}\n"


def test_a_running_service_follows_what_is_published_without_a_restart(
    service_factory: Callable[..., RunningService], tmp_path: Path
) -> None:
    service = service_factory()
    path = tmp_path / "new.yaml"
    declared = default_source().replace("attributes:\n", f"attributes:\n{NICKNAME}", 1)
    path.write_text(f"{declared}  lending: {{name: Lending}}\n")
    partner = service.client()
    earlier = partner.post("/management/clients/individuals", json=ADA | {"email": "earlier@example.com"}).json()["id"]
    products = f"/management/clients/individuals/{earlier}/products"
    request = partner.post(products, json={"subproduct": CARDS}).json()
    publication = service.answer("catalogue", "publish", path, "--note", "Lending begins")

    def offers_it() -> bool:
        return "Lending" in partner.get("/management/products").text

    until(offers_it, "the service follows", FOLLOWED_S)
    asked = ADA | {"nickname": "Countess"}
    created = partner.post("/management/clients/individuals", json=asked)
    assert (created.status_code, created.json()["nickname"]) == (201, "Countess"), created.text
    assert "lending" in partner.get("/openapi.json").text
    [current] = [each for each in service.answer("catalogue", "history") if each["is_in_force"]]
    assert (current["publication_id"], current["note"]) == (publication["publication_id"], "Lending begins")
    doctor = {each["check"]: each for each in service.answer("doctor")}
    assert doctor["catalogue"]["found"].startswith(f"published, version {publication['version'][:8]}")
    stricter, rows = tmp_path / "stricter.yaml", tmp_path / "rows.csv"
    stricter.write_text(declared.replace("fields: [phone]", "fields: [phone, nickname]", 1))
    beforehand = service.answer("catalogue", "preview", stricter, "--out", rows)
    assert beforehand["asked_more"] == [
        {"product": CARDS, "status": "pending_documentation", "asked_more": "data.nickname", "requests": 1}
    ]
    assert rows.read_text().splitlines()[1].split(",")[2] == request["id"]
    assert service.answer("catalogue", "move")["requests"]["moves"] == 1
    report = service.answer("catalogue", "move", "--apply", "--operator", "ana")
    assert (report["applied"], report["requests"]["moves"], report["asked_more"]) == (True, 1, {})
    assert service.answer("catalogue", "move")["requests"] == NONE | {"there_already": 1}
    again = partner.get(f"{products}/{request['id']}").json()
    assert again["missing_requirements"] == request["missing_requirements"]
