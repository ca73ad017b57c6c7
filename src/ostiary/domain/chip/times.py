"""When a signature counts: signers are valid for a decade, and sign for some months of it (Doc 9303 part 12, 5)."""

from __future__ import annotations

from datetime import UTC, datetime, time

from ostiary.domain.chip.reading import AnchorFacts, ChipReading, SignerFacts


def time_fault(reading: ChipReading, signer: SignerFacts, anchors: tuple[AnchorFacts, ...], now: datetime) -> str:
    """Why the signature does not count by its time, or nothing.

    The signer is valid now, or signed within its usage period; its anchor was valid when the signer's certificate
    began, whatever it is today: a country's certificates outlive each other in turn.
    """
    if not any(anchor.valid_from <= signer.valid_from <= anchor.valid_until for anchor in anchors):
        return "the country's certificate was not valid when the signer's began"
    if signer.valid_from <= now <= signer.valid_until:
        return ""
    signed = signing_time(reading)
    if signed is None:
        return "the signer's certificate is not valid today, and nothing says when it signed"
    begin, end = usage_period(signer)
    return "" if begin <= signed <= end else "signed outside the time in which the signer's key might sign"


def signing_time(reading: ChipReading) -> datetime | None:
    """When it was signed: as the signer says, else the day of issue in DG12, else unknown."""
    if reading.signing_time is not None or reading.issue_date is None:
        return reading.signing_time
    return datetime.combine(reading.issue_date, time(12), UTC)


def usage_period(signer: SignerFacts) -> tuple[datetime, datetime]:
    """From when to when the signer's key might sign: its usage period, else as long as its certificate is valid."""
    return signer.usage_from or signer.valid_from, signer.usage_until or signer.valid_until
