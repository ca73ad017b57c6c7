"""The pages that describe the API: OpenAPI and the reference."""

from __future__ import annotations

from ostiary.http.application import Page
from ostiary.http.calls import Service


def pages(service: Service) -> dict[str, Page]:
    """Addresses and what they serve."""
    return {}
