"""A chip from the command that makes specimens, through the API of a running service, to what it proves."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from typing import Any

import httpx

from tests.acceptance.conftest import OSTIARY, RunningService, environment, installed
from tests.acceptance.onboarding import new_client, until
from tests.chips.house import catalogue_with

TRIED_S = 60
CARDS = "cards_individuals"
DOCS = Path(__file__).parents[2] / "docs" / "chips.md"


def chip_of(service: RunningService, folder: Path, variant: str, number: str) -> dict[str, Any]:
    """The parts of a form; its country is believed from now on."""
    holder = ("--first-name", "Maria", "--last-name", "Barber", "--birth-date", "1984-11-21", "--number", number)
    service.answer("specimen", "--chip", folder, "--variant", variant, *holder)
    service.answer("trust", "import", folder / "csca.cer", "--yes")
    return {f"chip_{path.stem}": path.read_bytes() for path in folder.glob("*.bin")}


def submitted(partner: httpx.Client, mark: str, number: str, parts: dict[str, Any]) -> str:
    """Where the request is."""
    client = new_client(partner, mark)
    place = f"/management/clients/individuals/{client}/products"
    place += f"/{partner.post(place, json={'subproduct': CARDS}).json()['id']}"
    document = f'{{"document_type": "passport", "metadata": {{"number": "{number}"}}}}'.encode()
    files = {name: (None, content) for name, content in {"document": document, **parts}.items()}
    answer = partner.post(f"{place}/documentation", files=files)
    assert (answer.status_code, answer.json().get("rejected_items")) == (200, []), answer.text
    assert partner.post(f"{place}/submit").json()["product"]["status"] == "in_kyc"
    return place


def judged(partner: httpx.Client, place: str) -> dict[str, Any]:
    """The request once its document was judged."""

    def is_judged() -> bool:
        shown = partner.get(f"{place}?expand=explain").json()
        return any("judged" in line for line in shown["explain"])

    until(is_judged, "the chip is judged", TRIED_S)
    shown: dict[str, Any] = partner.get(f"{place}?expand=explain,next_action").json()
    return shown


def test_specimens_sent_to_a_running_sandbox_end_as_their_rows_say(tmp_path: Path) -> None:
    own = catalogue_with(tmp_path, "proven", "chip: optional; chip_pictures: unless_chip")
    service = installed(tmp_path / "data", catalogue=own, trust=tmp_path / "trust.jsonl")
    chips = {
        variant: chip_of(service, tmp_path / variant, variant, f"UT567800{number}")
        for number, variant in enumerate(("genuine", "forged", "unknown", "foreign"))
    }
    service.start()
    try:
        shown = ended(service.client(), chips)
    finally:
        service.stop()
    assert {variant: (each["status"], each["next_action"]["owner"]) for variant, each in shown.items()} == {
        "genuine": ("enabled", "nobody"),
        "forged": ("pending_documentation", "company"),
        "unknown": ("in_kyc", "operator"),
        "foreign": ("in_kyc", "operator"),
    }
    [line] = [line for line in shown["genuine"]["explain"] if "judged" in line]
    assert line["judged"]["chip"]["proof"] == "issuer_signed"
    assert [anchor["country"] for anchor in line["judged"]["chip"]["anchors"]] == ["UT"]
    assert "BARBER" not in service.log.read_text()


def ended(partner: httpx.Client, chips: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Every request as it is shown once it was judged."""
    places = {
        variant: submitted(partner, variant, f"UT567800{number}", parts)
        for number, (variant, parts) in enumerate(chips.items())
    }
    return {variant: judged(partner, place) for variant, place in places.items()}


def shell(script: str, folder: Path, **variables: str) -> str:
    """What the docs show, as a person would paste it."""
    paths = {"PATH": f"{OSTIARY.parent}{os.pathsep}{os.environ['PATH']}", "NO_PROXY": "127.0.0.1"}
    settings = environment(folder / "data", **{"log_level": "error"}) | paths | variables
    line = ["bash", "-e", "-u", "-o", "pipefail", "-c", script]
    done = subprocess.run(line, cwd=folder, env=settings, capture_output=True, text=True, timeout=180, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_whole_way_of_the_docs_with_a_challenge_ends_enabled(tmp_path: Path) -> None:
    """Each command as it stands there; the service is a real one, since that is what it shows."""
    operator, partner = re.findall(r"```bash\n(.*?)```", DOCS.read_text(), re.DOTALL)
    service = installed(tmp_path / "data", catalogue=tmp_path / "catalogue.yaml", trust=tmp_path / "trust.jsonl")
    shell(operator, tmp_path)
    service.start()
    try:
        output = shell(f"{partner}\necho\necho $PLACE", tmp_path, BASE=service.url, KEY=service.key())
        shown = judged(service.client(), output.splitlines()[-1])
    finally:
        service.stop()
    assert shown["status"] == "enabled"
    [line] = [line for line in shown["explain"] if "judged" in line]
    results = {each["rule"]: each["result"] for each in line["judged"]["rules"]}
    assert (results["chip_present"], line["judged"]["chip"]["proof"]) == ("agrees", "issuer_signed")
