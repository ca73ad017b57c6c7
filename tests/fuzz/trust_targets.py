"""What may not raise of chips, lists and seals, whatever bytes come; and what may never be believed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import date
from functools import cache

from ostiary.adapters.chip.groups import answering_key, issue_date, personal_details, zone_of
from ostiary.adapters.chip.tlv import Malformed
from ostiary.adapters.chip.trust import Trust
from ostiary.adapters.chip.verifier import verify_chip
from ostiary.adapters.pages.portrait_file import portrait_of
from ostiary.adapters.seals.verifier import check_seal
from ostiary.adapters.trust.importing import plan_import
from ostiary.adapters.trust.sealing import plan_seals
from ostiary.adapters.trust.sources import read_import
from ostiary.adapters.trust.store import TrustStore
from ostiary.domain.chip.judging import Proof, judge_chip
from ostiary.domain.chip.limits import ChipFile
from ostiary.domain.chip.reading import SignatureState
from ostiary.domain.chip.rules import ChipCase
from ostiary.domain.errors import Refused
from ostiary.domain.seals.statement import statement_of
from ostiary.domain.seals.two_d_doc import SealMalformed, parse_seal
from ostiary.specimens.chip.files import details_group, issue_group
from ostiary.specimens.seals.bills import SealedBill, sealed_bill
from tests.chips.builder import HOLDER, NOW, ZONE, Build, BuiltChip, built
from tests.chips.lists import GERMANY, ListPlan, anchor_of, ldif, master_list
from tests.chips.portraits import block, group, record

LIST = ListPlan(listed=(anchor_of(GERMANY),))


@cache
def genuine() -> BuiltChip:
    return built(Build())


def security_objects(data: bytes) -> None:
    """EF.SOD beside a good DG1: whatever is believed says what was signed."""
    reading = verify_chip({ChipFile.SOD: data, ChipFile.DG1: ZONE}, genuine().trust, NOW)
    judgement = judge_chip(ChipCase(reading, NOW, counts_specimens=True))
    if judgement.proof is Proof.ISSUER_SIGNED:
        assert any(fit.name == "dg1" and fit.fits for fit in reading.groups)
        assert reading.signature is SignatureState.VALID


def groups(data: bytes) -> None:
    """Groups of a chip. The first byte chooses which."""
    chosen, content = (data[0] if data else 0) % len(_GROUPS), data[1:]
    name, readers = _GROUPS[chosen]
    for read in readers:
        with suppress(ValueError):
            read(content)
    reading = verify_chip({**_files(), name: content}, genuine().trust, NOW)
    if name is ChipFile.DG1 and not content.startswith(ZONE):
        judgement = judge_chip(ChipCase(reading, NOW, counts_specimens=True))
        assert judgement.proof is not Proof.ISSUER_SIGNED, "nothing that nobody signed is believed"


def _files() -> dict[ChipFile, bytes]:
    return {ChipFile.SOD: genuine().files[ChipFile.SOD], ChipFile.DG1: ZONE}


_GROUPS: Sequence[tuple[ChipFile, Sequence[Callable[[bytes], object]]]] = (
    (ChipFile.DG1, (lambda content: zone_of(content, NOW.date()),)),
    (ChipFile.DG2, ()),
    (ChipFile.DG11, (personal_details,)),
    (ChipFile.DG12, (issue_date,)),
    (ChipFile.DG15, (answering_key,)),
)


def portraits(data: bytes) -> None:
    """DG2: the bytes of a picture, or a reason why there are none."""
    with suppress(Malformed):
        assert portrait_of(data) in data


def imports(data: bytes) -> None:
    """A file to import: read or refused, and a list that nobody vouches for never counts."""
    try:
        content = read_import(data)
    except (ValueError, IndexError):
        return
    with suppress(Refused):
        plan = plan_import(TrustStore(), content, ())
        assert not content.lists or not plan.changes, "a list never vouches for itself"
    with suppress(Refused):
        plan_seals(TrustStore(), content)


def directories(data: bytes) -> None:
    """The same of LDIF."""
    imports(b"version: 1\n" + data)


@cache
def bill() -> SealedBill:
    return sealed_bill(HOLDER, variant="genuine", now=NOW)


@cache
def sealing() -> Trust:
    return plan_seals(TrustStore(), read_import(bill().authority) + read_import(bill().signer)).store.trust


def seals(data: bytes) -> None:
    """The text of a seal: what verifies is what was signed, sign by sign."""
    try:
        seal = parse_seal(data.decode("latin-1"))
    except SealMalformed:
        return
    statement = statement_of(seal)
    assert statement is None or isinstance(statement.dated, date | None)
    if check_seal(seal, sealing()).signature is SignatureState.VALID:
        assert seal.signed == bill().text.partition("\x1f")[0].encode()


TRUST_TARGETS: Mapping[str, tuple[Callable[[bytes], None], Sequence[bytes]]] = {
    "security_objects": (security_objects, [genuine().files[ChipFile.SOD]]),
    "chip_groups": (
        groups,
        [
            b"\0" + ZONE,
            b"\2" + details_group("ALVAREZ<<MARIA", HOLDER.birth_date),
            b"\3" + issue_group(NOW.date()),
        ],
    ),
    "portraits": (portraits, [group(record(b"\xff\xd8\xff\xd9")), group(block(b"\xff\xd8\xff\xd9"), tag=0x7F2E)]),
    "trust_imports": (imports, [master_list(LIST), anchor_of(GERMANY), genuine().csca]),
    "trust_directories": (directories, [ldif(("pkdMasterListContent", master_list(LIST)))[:4_000]]),
    "seals": (seals, [bill().text.encode(), b"DC03FR000001123F1636010126FR2475000\x1f" + b"A" * 103]),
}
