"""`ostiary specimen --seal`: a sealed bill of Utopia, and its broken variants, with what the trust store needs."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ostiary.cli.chip.specimen import write_specimen
from ostiary.domain.errors import Refused
from ostiary.specimens.seals.bills import BILL_VARIANTS, CITY, COUNTRY, POSTAL_CODE, STREET, sealed_bill
from ostiary.specimens.seals.paper import draw_bill
from ostiary.specimens.zone_lines import Holder


def write_sealed_bill(folder: Path, holder: Holder, variant: str) -> dict[str, Any]:
    """Writes the paper, its seal's text and its two certificates; says what comes of it, and which address it has."""
    try:
        bill = sealed_bill(holder, variant=variant, now=datetime.now(UTC))
        lines = (f"{holder.given_names} {holder.surname}", STREET, f"{POSTAL_CODE} {CITY}", "FRANCE")
        paper = draw_bill(bill.text, lines, bill.issued)
    except (ValueError, ImportError) as problem:
        raise Refused(f"This bill cannot be drawn: {problem}.") from None
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in {
        "bill.png": paper,
        "seal.txt": bill.text.encode(),
        "authority.cer": bill.authority,
        "signer.cer": bill.signer,
    }.items():
        write_specimen(folder / name, content)
    return {
        "folder": str(folder),
        "variant": variant,
        "means": BILL_VARIANTS[variant].means,
        "ends_in": BILL_VARIANTS[variant].result,
        "address": {"street_line1": STREET, "postal_code": POSTAL_CODE, "city": CITY, "country": COUNTRY},
        "issued": bill.issued.isoformat(),
    }
