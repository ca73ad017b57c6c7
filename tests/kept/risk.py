"""An operator's word on how much risk a client is, as `values.py` has the others."""

from __future__ import annotations

from ostiary.domain.catalogue.risk_classes import RiskClass
from ostiary.domain.clients.risk_override import RiskOverride

RISK_OVERRIDE = RiskOverride(
    risk_class=RiskClass.HIGH,
    until="2027-03-31",
    reason="A tip.",
    actor="operator:ana",
    at_ms=1_776_249_000_000,
)
