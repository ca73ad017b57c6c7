"""A Utopian chip with all that signed it, and the ways in which one can be wrong: each ends in one result."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from ostiary.adapters.chip.tlv import encoded
from ostiary.domain.chip.purposes import MASTER_LIST_SIGNER
from ostiary.specimens.chip import der, issuing
from ostiary.specimens.chip.answering import AnsweringKey, new_answering_key
from ostiary.specimens.chip.files import LDS_CONTENT, SOD_TAG, details_group, group_hashes, issue_group, zone_group
from ostiary.specimens.chip.issuing import CertificatePlan, SigningKey, new_key
from ostiary.specimens.chip.portraits import portrait_group
from ostiary.specimens.zone_lines import FILLER, Holder, card_lines, passport_lines

_COUNTRY, _ORGANIZATION, _COMMON_NAME = "2.5.4.6", "2.5.4.10", "2.5.4.3"
CSCA_NAME = der.name([(_COUNTRY, "UT"), (_ORGANIZATION, "Utopia"), (_COMMON_NAME, "Utopian specimens CSCA")])
OTHER_CSCA_NAME = der.name([(_COUNTRY, "UT"), (_ORGANIZATION, "Nobody"), (_COMMON_NAME, "Another CSCA")])
SIGNER_NAME = der.name([(_COUNTRY, "UT"), (_ORGANIZATION, "Utopia"), (_COMMON_NAME, "Utopian document signer")])
_SERIAL = 4711
_YEAR = timedelta(days=365)


@dataclass(frozen=True)
class ChipContents:
    """What a chip has besides: `key` says what it answers challenges with (`ecdsa`, `rsa`, `none`), `portrait` in which
    form it has a face (`iso19794`, `iso39794`, `none`)."""

    key: str = "ecdsa"
    portrait: str = "iso19794"


@dataclass(frozen=True)
class ChipPlan:
    """What a chip is made of. `impostor` signs the signer's certificate in the place of the country's key."""

    holder: Holder
    lines: tuple[str, ...]
    now: datetime
    contents: ChipContents
    csca: SigningKey = field(default_factory=new_key)
    signer: SigningKey = field(default_factory=new_key)
    impostor: SigningKey | None = None
    issuer_name: bytes = CSCA_NAME
    names_issuer_key: bool = True
    extensions: tuple[bytes, ...] = (issuing.signing_only(), issuing.document_types("P", "I"))
    begin: timedelta = -_YEAR
    end: timedelta = 10 * _YEAR
    signed: timedelta = -_YEAR / 2


@dataclass(frozen=True)
class SpecimenChip:
    """Files by the names that they are sent under (`sod`, `dg1`), and what belongs into a trust store: the country's
    certificate, and its revocation list. `key` signs challenges; None where the chip cannot."""

    files: Mapping[str, bytes] = field(repr=False)
    csca: bytes = field(repr=False)
    revocations: bytes = field(repr=False)
    key: AnsweringKey | None = field(default=None, repr=False)


def specimen_chip(
    holder: Holder, *, is_card: bool, variant: str, now: datetime, contents: ChipContents | None = None
) -> SpecimenChip:
    """A chip of a holder, with keys of its own each time. KeyError for a variant that there is not; ValueError for one
    that needs a key, of a chip without."""
    lines = card_lines(holder) if is_card else passport_lines(holder)
    chosen, has = VARIANTS[variant], contents or ChipContents()
    if chosen.needs_key and has.key == "none":
        raise ValueError(f"{variant} is about the chip's own key, which this one has not")
    return chosen.finish(_chip(chosen.plan(ChipPlan(holder, lines, now, has)), is_revoked=chosen.is_revoked))


def _chip(plan: ChipPlan, *, is_revoked: bool) -> SpecimenChip:
    issued = plan.now + plan.signed
    name = f"{plan.holder.surname}{FILLER * 2}{plan.holder.given_names}".replace(" ", FILLER)
    key = None if plan.contents.key == "none" else new_answering_key(plan.contents.key)
    portrait = plan.contents.portrait
    groups = {
        "dg1": zone_group(plan.lines),
        **({} if portrait == "none" else {"dg2": portrait_group(plan.holder, portrait)}),
        "dg11": details_group(name, plan.holder.birth_date),
        "dg12": issue_group(issued.date()),
        **({} if key is None else key.groups),
    }
    content = group_hashes(groups, plan.signer.digest)
    named = der.sequence(plan.issuer_name, der.integer(_SERIAL))
    attributes = issuing.attributes(LDS_CONTENT, content, plan.signer.digest, issued)
    signed = issuing.signer_info(named, plan.signer, attributes)
    sod = encoded(
        SOD_TAG, issuing.signed_data(LDS_CONTENT, content, (_signer(plan),), signed, digest=plan.signer.digest)
    )
    serials = (_SERIAL,) if is_revoked else (_SERIAL + 1,)
    revoked = issuing.revocation_list(CSCA_NAME, plan.csca, serials, plan.now, plan.now + _YEAR)
    return SpecimenChip({"sod": sod, **groups}, _csca(plan), revoked, key)


def _csca(plan: ChipPlan) -> bytes:
    key_id = issuing.key_identifiers(subject=plan.csca.key_id)
    lasts = CertificatePlan(
        subject=CSCA_NAME,
        issuer=CSCA_NAME,
        serial=1,
        begin=plan.now - 12 * _YEAR,
        end=plan.now + 15 * _YEAR,
        extensions=(*issuing.authority(), key_id),
    )
    return issuing.certificate(lasts, plan.csca.key_info, plan.csca)


def _signer(plan: ChipPlan) -> bytes:
    key_id = issuing.key_identifiers(issuer=plan.csca.key_id)
    lasts = CertificatePlan(
        subject=SIGNER_NAME,
        issuer=plan.issuer_name,
        serial=_SERIAL,
        begin=plan.now + plan.begin,
        end=plan.now + plan.end,
        extensions=(*plan.extensions, *([key_id] if plan.names_issuer_key else [])),
    )
    return issuing.certificate(lasts, plan.signer.key_info, plan.impostor or plan.csca)


# ---- variants -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ChipVariant:
    """One way to be wrong: what it shows, the result it ends in, and what is done for it."""

    means: str
    result: str
    plan: Callable[[ChipPlan], ChipPlan] = lambda plan: plan
    finish: Callable[[SpecimenChip], SpecimenChip] = lambda chip: chip
    is_revoked: bool = False
    needs_key: bool = False


def _changed(chip: SpecimenChip) -> SpecimenChip:
    """The last symbol of the zone is another one."""
    zone = chip.files["dg1"]
    return replace(chip, files={**chip.files, "dg1": zone[:-1] + bytes([zone[-1] ^ 1])})


def _forged(chip: SpecimenChip) -> SpecimenChip:
    """The last bit of the signature, which stands at the end of the security object."""
    sod = chip.files["sod"]
    return replace(chip, files={**chip.files, "sod": sod[:-1] + bytes([sod[-1] ^ 1])})


def _swapped(chip: SpecimenChip) -> SpecimenChip:
    """A key of the sender's own in the place of the chip's: it answers, and nobody signed it."""
    own = new_answering_key("ecdsa")
    return replace(chip, files={**chip.files, **own.groups}, key=own)


def _foreign(plan: ChipPlan) -> ChipPlan:
    """Utopia signs for a document of another country."""
    holder = replace(plan.holder, country="ARG")
    return replace(plan, lines=passport_lines(holder) if len(plan.lines) == 2 else card_lines(holder))


VARIANTS: Mapping[str, ChipVariant] = {
    "genuine": ChipVariant("as Utopia issues them", "issuer_signed"),
    "changed": ChipVariant("DG1 was changed after it was signed", "chip_data_invalid", finish=_changed),
    "forged": ChipVariant("the signature fits nothing", "chip_data_invalid", finish=_forged),
    "unknown": ChipVariant(
        "signed under an authority that nobody knows",
        "chip_signer_unknown",
        lambda plan: replace(plan, impostor=new_key(), issuer_name=OTHER_CSCA_NAME, names_issuer_key=False),
    ),
    "impostor": ChipVariant(
        "signed under an authority that calls itself Utopia's, key identifier and all",
        "chip_signer_wrong",
        lambda plan: replace(plan, impostor=new_key()),
    ),
    "foreign": ChipVariant("Utopia signed for another country's document", "chip_signer_wrong", _foreign),
    "list_signer": ChipVariant(
        "signed by who may sign master lists only",
        "chip_signer_wrong",
        lambda plan: replace(plan, extensions=(issuing.signing_only(), issuing.purposes(MASTER_LIST_SIGNER))),
    ),
    "expired": ChipVariant(
        "signed after the signer's certificate ended",
        "chip_signer_expired",
        lambda plan: replace(plan, begin=-11 * _YEAR, end=-_YEAR),
    ),
    "revoked": ChipVariant("the signer's certificate is revoked", "chip_signer_revoked", is_revoked=True),
    "weak": ChipVariant("signed with SHA-1", "chip_weak", lambda plan: replace(plan, signer=new_key("sha1"))),
    "cloned": ChipVariant(
        "a copy of its files, without the chip: its key is another",
        "chip_copied",
        finish=lambda chip: replace(chip, key=new_answering_key("ecdsa")),
        needs_key=True,
    ),
    "swapped": ChipVariant("DG15 is a key that nobody signed", "chip_data_invalid", finish=_swapped, needs_key=True),
}
"""By the names of `ostiary specimen --chip DIR --variant NAME`."""
