"""`OSTIARY_CONSOLE=0`, `OSTIARY_HOSTED_PAGE=0`: there are no such pages, and the API is as it is."""

from __future__ import annotations

from pathlib import Path

import httpx

from tests.acceptance.conftest import services


def test_without_pages_their_addresses_are_none(tmp_path: Path) -> None:
    with services(tmp_path) as start:
        service = start(console=0, hosted_page=0, embedded_worker="0")
        for path in (
            "/console",
            "/console/sign-in",
            "/console/static/console.css",
            "/onboarding",
            f"/onboarding/{'x' * 64}",
        ):
            answer = httpx.get(service.url + path, trust_env=False)
            assert (answer.status_code, answer.json()["code"]) == (404, "NOT_FOUND")
        assert httpx.get(f"{service.url}/health/ready", trust_env=False).status_code == 200
