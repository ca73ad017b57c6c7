"""A bill with a seal, who signed it, and the ways in which one can be wrong: each ends in one result.

Its seal is in the form of 2D-Doc, and its address a French one, since that is what is compared; who signs is Utopia, so
that it counts in sandboxes only.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from ostiary.domain.names.letters import spellings
from ostiary.specimens.chip import der, issuing
from ostiary.specimens.chip.issuing import CertificatePlan, SigningKey, new_key
from ostiary.specimens.zone_lines import Holder

STREET, POSTAL_CODE, CITY, COUNTRY = "12 RUE DES LILAS", "75001", "PARIS", "FRA"
AUTHORITY, SIGNER, UTOPIA = "UT01", "BIL1", "UT"
_COUNTRY, _ORGANIZATION, _COMMON_NAME = "2.5.4.6", "2.5.4.10", "2.5.4.3"
_SCALAR_BYTES = 32
_EPOCH = date(2000, 1, 1)
_YEAR, _DAY = timedelta(days=365), timedelta(days=1)
_ENDS, _SIGNATURE = "\x1d", "\x1f"


@dataclass(frozen=True)
class BillPlan:
    """What a sealed bill is made of. `named`: the signer that the seal names. `issued` and the signer's certificate are
    counted from `now`; `country` is the signers'."""

    holder: Holder
    now: datetime
    authority: SigningKey = field(default_factory=new_key)
    signer: SigningKey = field(default_factory=new_key)
    named: str = SIGNER
    issued: timedelta = -10 * _DAY
    begin: timedelta = -_YEAR
    end: timedelta = 2 * _YEAR
    street: str = STREET
    country: str = UTOPIA


@dataclass(frozen=True)
class SealedBill:
    """A seal's text, the day of the bill, and what belongs into a trust store: authority and signer."""

    text: str = field(repr=False)
    issued: date
    authority: bytes = field(repr=False)
    signer: bytes = field(repr=False)


@dataclass(frozen=True)
class BillVariant:
    """One way to be wrong: what it shows, the result it ends in, and what is done for it."""

    means: str
    result: str
    plan: Callable[[BillPlan], BillPlan] = lambda plan: plan
    finish: Callable[[SealedBill], SealedBill] = lambda bill: bill


def sealed_bill(holder: Holder, *, variant: str, now: datetime) -> SealedBill:
    """A bill of a holder, with keys of its own each time. KeyError for a variant that there is not; ValueError for a
    name without a spelling in Latin letters."""
    chosen = BILL_VARIANTS[variant]
    return chosen.finish(bill_of(chosen.plan(BillPlan(holder, now))))


def bill_of(plan: BillPlan) -> SealedBill:
    """As planned."""
    issued = (plan.now + plan.issued).date()
    header = f"DC04{AUTHORITY}{plan.named}{_days(issued)}{_days(issued)}0101{plan.country}"
    fields = f"26FR24{POSTAL_CODE}10{_named(plan.holder)}{_ENDS}22{plan.street}{_ENDS}25{CITY}{_ENDS}"
    signed = header + fields
    numbers = decode_dss_signature(plan.signer.sign(signed.encode()))
    signature = b"".join(number.to_bytes(_SCALAR_BYTES, "big") for number in numbers)
    written = base64.b32encode(signature).decode().rstrip("=")
    return SealedBill(signed + _SIGNATURE + written, issued, _authority(plan), _signer(plan))


def _days(day: date) -> str:
    return f"{(day - _EPOCH).days:04X}"


def _named(holder: Holder) -> str:
    printed = [next(iter(spellings(name)), "") for name in (holder.surname, holder.given_names)]
    if not all(printed):
        raise ValueError("a name has no spelling in Latin letters, which seals are written in")
    return f"{'MME' if holder.sex == 'F' else 'M'}/{printed[0]}/{printed[1]}"[:38]


def _name(common: str, country: str) -> bytes:
    return der.name([(_COUNTRY, country), (_ORGANIZATION, "Utopian specimens"), (_COMMON_NAME, common)])


def _authority(plan: BillPlan) -> bytes:
    lasts = CertificatePlan(
        subject=_name(AUTHORITY, plan.country),
        issuer=_name(AUTHORITY, plan.country),
        serial=1,
        begin=plan.now - 5 * _YEAR,
        end=plan.now + 10 * _YEAR,
        extensions=(*issuing.authority(), issuing.key_identifiers(subject=plan.authority.key_id)),
    )
    return issuing.certificate(lasts, plan.authority.key_info, plan.authority)


def _signer(plan: BillPlan) -> bytes:
    lasts = CertificatePlan(
        subject=_name(SIGNER, plan.country),
        issuer=_name(AUTHORITY, plan.country),
        serial=2,
        begin=plan.now + plan.begin,
        end=plan.now + plan.end,
        extensions=(issuing.signing_only(), issuing.key_identifiers(issuer=plan.authority.key_id)),
    )
    return issuing.certificate(lasts, plan.signer.key_info, plan.authority)


# ---- variants -------------------------------------------------------------------------------------------------------


def _changed(bill: SealedBill) -> SealedBill:
    """The number of the house is another one."""
    return replace(bill, text=bill.text.replace(STREET, STREET.replace("12", "21")))


BILL_VARIANTS: Mapping[str, BillVariant] = {
    "genuine": BillVariant("as Utopia's signer seals it", "pass"),
    "changed": BillVariant("the address was changed after it was sealed", "seal_invalid", finish=_changed),
    "unknown": BillVariant(
        "names a signer that the trust store does not have",
        "seal_signer_unknown",
        lambda plan: replace(plan, named="BIL9"),
    ),
    "expired": BillVariant(
        "sealed after the signer's certificate ended",
        "seal_signer_wrong",
        lambda plan: replace(plan, begin=-3 * _YEAR, end=-_YEAR),
    ),
    "old": BillVariant("of a year ago", "seal_age_doubtful", lambda plan: replace(plan, issued=-_YEAR + _DAY)),
}
"""By the names of `ostiary specimen --seal DIR --seal-variant NAME`."""
