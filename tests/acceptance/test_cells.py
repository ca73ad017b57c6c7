"""Cells: two installations behind nginx, with the configuration of `deploy/nginx`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from tests.acceptance.conftest import RunningService
from tests.acceptance.onboarding import new_client, until
from tests.servers import nginx

Start = Callable[..., RunningService]
SITE = Path(__file__).parents[2] / "deploy" / "nginx" / "cells.conf"
CLIENTS = "/management/clients/individuals"


@pytest.fixture(scope="module")
def cells(module_services: Start) -> tuple[RunningService, RunningService]:
    """Each with a database and keys of its own."""
    return tuple(module_services(embedded_worker="elsewhere") for _ in range(2))  # type: ignore[return-value]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The proxy's, made by whoever starts it."""
    return tmp_path_factory.mktemp("cells") / "nginx"


@pytest.fixture(scope="module")
def proxy(folder: Path, cells: tuple[RunningService, RunningService]) -> Iterator[str]:
    """The address of both: companies of the second are on the list."""
    listed = folder.with_name("companies.map")
    listed.write_text(f"{cells[1].company()} ostiary_b;\n")
    site = SITE.read_text().replace("127.0.0.1:8081", f"127.0.0.1:{cells[0].port}")
    site = site.replace("127.0.0.1:8082", f"127.0.0.1:{cells[1].port}")
    site = site.replace("/etc/nginx/ostiary-companies.map", str(listed)).replace("/var/log/nginx", str(folder))
    with nginx.running(folder, site) as port:
        yield f"http://127.0.0.1:{port}"


def asked(proxy: str, key: str, host: str = "onboarding.example.com") -> httpx.Response:
    return httpx.get(proxy + CLIENTS, headers={"x-api-key": key, "host": host}, trust_env=False)


def test_a_key_leads_to_its_companys_cell(cells: tuple[RunningService, RunningService], proxy: str) -> None:
    for place, cell in enumerate(cells):
        key = cell.key()
        with httpx.Client(base_url=proxy, headers={"x-api-key": key}, trust_env=False) as partner:
            client_id = new_client(partner, f"cell{place}")
        assert [client["id"] for client in asked(proxy, key).json()] == [client_id]
        other = cells[1 - place]
        assert httpx.get(other.url + CLIENTS, headers={"x-api-key": key}, trust_env=False).status_code == 401


@pytest.mark.parametrize("key", ["", "osk_", f"osk_{'0' * 32}_{'0' * 64}", "nonsense"])
def test_a_key_of_nobodys_gets_the_services_own_answer(proxy: str, key: str) -> None:
    answer = asked(proxy, key)
    assert (answer.status_code, answer.headers["content-type"]) == (401, "application/json")


def test_a_cells_own_name_leads_there(cells: tuple[RunningService, RunningService], proxy: str) -> None:
    key = cells[1].key()
    assert asked(proxy, key, "b.onboarding.example.com").status_code == 200
    assert asked(proxy, key, "a.onboarding.example.com").status_code == 401


def test_no_key_is_written_to_the_proxys_log(
    cells: tuple[RunningService, RunningService], proxy: str, folder: Path
) -> None:
    key, last = cells[1].key(), f"{CLIENTS}/{'0' * 32}"
    with httpx.Client(base_url=proxy, headers={"x-api-key": key}, trust_env=False) as partner:
        assert [partner.get(path).status_code for path in (CLIENTS, last)] == [200, 404]
    log = folder / "ostiary.log"
    until(lambda: last in log.read_text(), "the proxy writes a line after it has answered")
    assert "ostiary_b" in log.read_text().splitlines()[-1]
    assert key not in log.read_text()
