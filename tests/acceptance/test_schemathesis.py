"""The service against its own description: generated calls, honest and hostile, on a real port.

Nothing may come back that the OpenAPI document does not promise: no server error, no status, type, header or body
that is not described, and no call that breaks the description may be taken.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from ostiary.api.operations import TABLE
from tests.acceptance.conftest import RunningService
from tests.depth import deep

SCHEMATHESIS = Path(sys.executable).with_name("schemathesis")
CHECKS = (
    "not_a_server_error", "status_code_conformance", "content_type_conformance", "response_headers_conformance",
    "response_schema_conformance", "negative_data_rejection", "unsupported_method", "missing_required_header",
    "allow_header_conformance", "ignored_auth", "use_after_free",
)  # fmt: skip
RUN_S = deep(300, 1200)
PROBES = 3
"""Health and metrics, which are described too."""
CONFIGURATION = """
[checks.negative_data_rejection]
expected-statuses = ["400", "401", "404", "405", "412", "413", "415", "422"]
"""
"""What breaks the description may be refused by any of these: a value that breaks a rule is 412 here."""
ON_A_REQUEST = ("read_product", "complete_documentation", "submit_product")
MARIA = {
    "first_name": "Maria", "last_name": "Barber", "email": "maria@example.com", "birth_date": "1984-11-21",
    "address": {"street_line1": "Florida 9860", "city": "Del Viso", "country": "ARG"},
}  # fmt: skip

Begin = Callable[..., RunningService]


def run(service: RunningService, key: str, folder: Path, configuration: str, *options: str) -> str:
    """Generated calls to their end, the same at every run; what was found is the assertion's message."""
    (folder / "schemathesis.toml").write_text(configuration)
    line = [
        str(SCHEMATHESIS), "--config-file", "schemathesis.toml", "run", f"{service.url}/openapi.json",
        "--header", f"x-api-key: {key}", "--checks", ",".join(CHECKS), "--generation-deterministic",
        "--suppress-health-check", "all", "--continue-on-failure", "--request-timeout", "20", "--no-color", *options,
    ]  # fmt: skip
    done = subprocess.run(line, cwd=folder, capture_output=True, text=True, timeout=RUN_S, check=False)
    assert done.returncode == 0, done.stdout[-20_000:] + done.stderr[-2_000:]
    return done.stdout


def test_every_operation_keeps_what_the_description_promises(service_factory: Begin, tmp_path: Path) -> None:
    service = service_factory(log_level="warning")
    phases = ("--phases", "examples,coverage,fuzzing,stateful", "--max-examples", str(deep(5, 100)))
    report = run(service, service.key(3), tmp_path, CONFIGURATION, *phases)
    assert f"Tested: {len(TABLE) + PROBES}" in report


def test_calls_on_a_living_request_keep_it_too(service_factory: Begin, tmp_path: Path) -> None:
    """Generated ids are nobody's; here they are somebody's, so that calls get as far as judging."""
    service = service_factory(log_level="warning")
    partner = service.client()
    client_id = partner.post("/management/clients/individuals", json=MARIA).json()["id"]
    path = f"/management/clients/individuals/{client_id}/products"
    request_id = partner.post(path, json={"subproduct": "cards_individuals"}).json()["id"]
    fixed = f'[parameters]\n"path.clientId" = "{client_id}"\n"path.productRequestId" = "{request_id}"\n'
    only = [word for operation in ON_A_REQUEST for word in ("--include-operation-id", operation)]
    key = str(partner.headers["x-api-key"])
    report = run(service, key, tmp_path, fixed + CONFIGURATION, "--phases", "coverage,fuzzing",
               "--max-examples", str(deep(20, 300)), *only)  # fmt: skip
    assert f"Tested: {len(ON_A_REQUEST)}" in report
    assert "404 Not Found" not in report
