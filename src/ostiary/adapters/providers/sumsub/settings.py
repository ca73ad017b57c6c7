"""What an operator configures to work with Sumsub."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ostiary.domain.delivery.timing import ENDPOINT_TIMEOUT_S

BASE_URL = "https://api.sumsub.com"
"""The same for production and sandbox: the app token decides which it is."""
DOCUMENT_TYPES: Mapping[str, str] = {
    "passport": "PASSPORT",
    "national_id": "ID_CARD",
    "drivers_license": "DRIVERS",
    "residence_permit": "RESIDENCE_PERMIT",
    "utility_bill": "UTILITY_BILL",
    "bank_statement": "UTILITY_BILL",
    "lease_agreement": "UTILITY_BILL",
    "proof_of_address": "UTILITY_BILL",
}
"""Our document types as Sumsub's `idDocType`; `UTILITY_BILL` is its word for every proof of address."""


@dataclass(frozen=True, slots=True)
class SumsubSettings:
    """One Sumsub account. `levels` are names of verification levels by our product, exactly as Sumsub writes them.

    `app_token` and `secret_key` come together and sign what we ask. `webhook_secrets` verify what we are told: each
    is accepted, so that one can be replaced. `base_url` is the operator's own choice, so it may lie in a private
    network (a gateway), but has no path. `timeout_s` is of one request with its answer.

    Raises ValueError naming what is missing: an empty secret proves nothing.
    """

    name: str
    base_url: str
    app_token: str = field(repr=False)
    secret_key: str = field(repr=False)
    webhook_secrets: tuple[str, ...] = field(repr=False)
    levels: Mapping[str, str]
    document_types: Mapping[str, str] = field(default_factory=lambda: dict(DOCUMENT_TYPES))
    allow_sha1: bool = False
    timeout_s: float = ENDPOINT_TIMEOUT_S

    def __post_init__(self) -> None:
        needed = {
            "app_token": self.app_token,
            "secret_key": self.secret_key,
            "webhook_secrets": self.webhook_secrets and all(self.webhook_secrets),
            "levels": self.levels and all(self.levels.values()),
        }
        for name, given in needed.items():
            if not given:
                raise ValueError(f"{name}: must not be empty")
