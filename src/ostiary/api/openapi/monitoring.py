"""What probes and dashboards read, for the OpenAPI document: no key, no level, no limit."""

from __future__ import annotations

from typing import Any

from ostiary.api.openapi.answers import ref
from ostiary.api.openapi.errors import response_name
from ostiary.api.openapi.texts import MONITORING
from ostiary.domain import errors

_TRACE = {"X-Trace-Id": {"$ref": "#/components/headers/X-Trace-Id"}}
_WAIT = {"Retry-After": {"$ref": "#/components/headers/Retry-After"}}


def _json(status: str) -> dict[str, Any]:
    return {"application/json": {"schema": ref("Health"), "examples": {"now": {"value": {"status": status}}}}}


def _path(name: str, summary: str, about: str, responses: dict[str, Any]) -> dict[str, Any]:
    broken = {"$ref": f"#/components/responses/{response_name((errors.Broken,), _TRACE)}"}
    return {
        "get": {
            "operationId": name,
            "summary": summary,
            "description": about,
            "tags": [MONITORING],
            "security": [],
            "responses": {**responses, "500": broken},
        }
    }


MONITORING_PATHS = {
    "/health/live": _path(
        "live", "Is the process alive", "Answers as long as the process does. For restarts.",
        {"200": {"description": "It is.", "headers": _TRACE, "content": _json("alive")}},
    ),
    "/health/ready": _path(
        "ready", "Can calls be served",
        "Checks the database; says no from the moment the service is told to end. For routing.",
        {
            "200": {"description": "They can.", "headers": _TRACE, "content": _json("ready")},
            "503": {"description": "Not now.", "headers": _TRACE | _WAIT, "content": _json("not ready")},
        },
    ),
    "/metrics": _path(
        "metrics", "Measurements for Prometheus",
        "Times and counts by operation and status, and messages waiting. Nothing personal.",
        {
            "200": {
                "description": "Prometheus' text format.",
                "headers": _TRACE,
                "content": {
                    "text/plain": {
                        "schema": {"type": "string"},
                        "examples": {
                            "one": {"value": 'ostiary_requests_total{operation="read_client",status="200"} 12.0\n'}
                        },
                    }
                },
            }
        },
    ),
}  # fmt: skip
