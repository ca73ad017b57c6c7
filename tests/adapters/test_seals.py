"""Seals verified: public samples of the specification, specimens of Utopia, and who counts as a signer."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from ostiary.adapters.chip.certificates import read_certificate
from ostiary.adapters.reader.recognition.barcodes import read_seal
from ostiary.adapters.reader.recognition.documents import DocumentReader
from ostiary.adapters.seals.pool import SealsInPool
from ostiary.adapters.seals.verifier import check_seal
from ostiary.adapters.trust.checking import check_store
from ostiary.adapters.trust.in_force import TrustInForce
from ostiary.adapters.trust.removing import removed
from ostiary.adapters.trust.sealing import plan_seals
from ostiary.adapters.trust.sources import ImportedContent, read_import
from ostiary.adapters.trust.store import EntryKind, TrustStore, read_store, write_store
from ostiary.domain.chip.reading import RevocationState, SignatureState
from ostiary.domain.documents.reading import Trouble
from ostiary.domain.errors import Refused
from ostiary.domain.seals.reading import SealCheck
from ostiary.domain.seals.statement import statement_of
from ostiary.domain.seals.two_d_doc import SEAL_FORM, Seal, parse_seal
from ostiary.specimens.chip import der, issuing
from ostiary.specimens.chip.issuing import CertificatePlan, SigningKey, new_key
from ostiary.specimens.seals.bills import BILL_VARIANTS, SealedBill, sealed_bill
from ostiary.specimens.seals.paper import draw_bill
from tests.chips.builder import HOLDER
from tests.chips.keys import rsa_key
from tests.chips.seal_samples import SAMPLES, TEST_CERTIFICATE
from tests.material import picture

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
US = "\x1f"


def imported(*certificates: bytes, store: TrustStore | None = None, named: str | None = None) -> TrustStore:
    content = ImportedContent()
    for each in certificates:
        content += read_import(each)
    return plan_seals(store or TrustStore(), content, named).store


def trusting(bill: SealedBill) -> TrustStore:
    return imported(bill.authority, bill.signer)


def of_samples() -> TrustStore:
    return imported(TEST_CERTIFICATE, named=read_certificate(TEST_CERTIFICATE).sha256)


@pytest.mark.parametrize("name", SAMPLES)
def test_every_sample_of_the_specification_verifies_and_says_what_it_should(name: str) -> None:
    text, stated = SAMPLES[name]
    seal = parse_seal(text)
    check = check_seal(seal, of_samples().trust)
    assert (check.signature, seal.unknown, seal.cut) == (SignatureState.VALID, "", frozenset())
    assert check.signer is not None
    assert (check.signer.country, check.signer.may_sign, check.signer.authority) == ("FR", True, "")
    statement = statement_of(seal)
    assert statement is not None
    assert (statement.residents[0], statement.postal_code, statement.city, statement.dated) == stated


@pytest.mark.parametrize("name", SAMPLES)
def test_no_single_changed_sign_of_a_sample_verifies(name: str) -> None:
    text, _ = SAMPLES[name]
    trust, signed = of_samples().trust, text.index(US)
    verified = list[str]()
    for at in range(22, signed):
        changed = text[:at] + ("A" if text[at] != "A" else "B") + text[at + 1 :]
        try:
            seal = parse_seal(changed)
        except ValueError:
            continue
        if check_seal(seal, trust).signature is SignatureState.VALID:
            verified.append(changed)
    assert verified == []


@pytest.mark.parametrize("variant", BILL_VARIANTS)
def test_every_variant_of_a_specimen_is_what_it_says(variant: str) -> None:
    bill = sealed_bill(HOLDER, variant=variant, now=NOW)
    check = check_seal(parse_seal(bill.text), trusting(bill).trust)
    wanted = {
        "changed": SignatureState.INVALID,
        "unknown": SignatureState.UNSUPPORTED,
    }.get(variant, SignatureState.VALID)
    assert (check.signature, check.signer is None) == (wanted, variant == "unknown")


@pytest.mark.parametrize(("curve", "size"), [(ec.SECP384R1(), 48), (ec.SECP521R1(), 66)])
def test_longer_curves_sign_with_the_hash_of_their_length(curve: ec.EllipticCurve, size: int) -> None:
    private = ec.generate_private_key(curve)
    digest = {48: hashes.SHA384(), 66: hashes.SHA512()}[size]
    key = SigningKey(
        private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
        b"",
        "sha384",
        lambda data: private.sign(data, ec.ECDSA(digest)),
    )
    signer = certificate("BIL1", key, AUTHORITY_KEY, "UT01")
    signed = "DC04UT01BIL1250025000101UT26FR"
    numbers = decode_dss_signature(key.sign(signed.encode()))
    written = base64.b32encode(b"".join(each.to_bytes(size, "big") for each in numbers)).decode().rstrip("=")
    store = imported(certificate("UT01", AUTHORITY_KEY, AUTHORITY_KEY, "UT01", is_authority=True), signer)
    assert check_seal(parse_seal(f"{signed}{US}{written}"), store.trust).signature is SignatureState.VALID


# ---- who counts -----------------------------------------------------------------------------------------------------

AUTHORITY_KEY = new_key()
PARTS = ("2.5.4.6", "UT"), ("2.5.4.10", "Utopia")


def certificate(
    name: str, key: SigningKey, by: SigningKey, issuer: str, *, is_authority: bool = False, serial: int = 7
) -> bytes:
    named, issued = (der.name([*PARTS, ("2.5.4.3", each)]) for each in (name, issuer))
    plan = CertificatePlan(
        subject=named,
        issuer=issued,
        serial=serial,
        begin=NOW - timedelta(days=300),
        end=NOW + timedelta(days=300),
        extensions=issuing.authority() if is_authority else (issuing.signing_only(),),
    )
    return issuing.certificate(plan, key.key_info, by)


AUTHORITY = certificate("UT01", AUTHORITY_KEY, AUTHORITY_KEY, "UT01", is_authority=True)
SIGNER_KEY = new_key()
SIGNER = certificate("BIL1", SIGNER_KEY, AUTHORITY_KEY, "UT01")
FORGED = certificate("BIL1", SIGNER_KEY, SIGNER_KEY, "UT01")


def kinds(store: TrustStore) -> list[str]:
    return [each.kind.value for each in store.entries]


def left_out(store: TrustStore, *certificates: bytes, named: str | None = None) -> str:
    content = ImportedContent()
    for each in certificates:
        content += read_import(each)
    return "; ".join(plan_seals(store, content, named).left_out)


def test_a_signer_counts_if_an_authority_in_the_store_or_beside_it_certified_it() -> None:
    assert kinds(imported(AUTHORITY, SIGNER)) == ["seal_authority", "seal_signer"]
    assert kinds(imported(SIGNER, store=imported(AUTHORITY))) == ["seal_authority", "seal_signer"]
    assert kinds(imported(SIGNER)) == []
    assert "no authority of seals in the store, or given, certified it" in left_out(TrustStore(), SIGNER)
    assert "certified it" in left_out(imported(AUTHORITY), FORGED)


def test_a_signer_without_its_authority_counts_on_the_operators_word() -> None:
    store = imported(FORGED, named=read_certificate(FORGED).sha256)
    assert [each.sources for each in store.of(EntryKind.SEAL_SIGNER)] == [("operator",)]
    assert check_store(store, NOW).problems == ()


def test_an_authority_of_seals_vouches_for_no_chip_and_signs_no_seal() -> None:
    trust = imported(AUTHORITY, SIGNER).trust
    assert (trust.anchors, trust.signers, trust.digests) == ((), (), frozenset())
    assert trust.seal_signers_named("UT01", "UT01") == []


def test_what_is_neither_an_authority_nor_signs_counts_as_neither() -> None:
    plan = CertificatePlan(
        subject=der.name([*PARTS, ("2.5.4.3", "UT02")]),
        issuer=der.name([*PARTS, ("2.5.4.3", "UT02")]),
        serial=3,
        begin=NOW,
        end=NOW + timedelta(days=9),
    )
    self_made = issuing.certificate(plan, SIGNER_KEY.key_info, SIGNER_KEY)
    assert kinds(imported(self_made)) == []
    assert "neither an authority nor for signatures" in left_out(TrustStore(), self_made)


def test_lists_of_countries_are_no_signers_of_seals() -> None:
    content = ImportedContent(signers=(read_certificate(SIGNER),))
    with pytest.raises(Refused, match="say nothing of seals"):
        plan_seals(TrustStore(), content)


def test_who_was_removed_stays_so_with_those_it_certified() -> None:
    store = imported(AUTHORITY, SIGNER)
    digest = read_certificate(AUTHORITY).sha256
    gone = removed(store, digest, "stolen", NOW)
    assert kinds(gone) == ["removed"]
    assert kinds(imported(AUTHORITY, SIGNER, store=gone)) == ["removed"]
    assert "removed by an operator" in left_out(gone, AUTHORITY)
    only = removed(store, read_certificate(SIGNER).sha256, "stolen", NOW)
    assert sorted(kinds(only)) == ["removed", "seal_authority"]
    with pytest.raises(Refused, match="no anchor"):
        removed(store, "0" * 64, "", NOW)


def test_a_signer_that_two_vouch_for_stays_when_one_goes() -> None:
    renewed = certificate("UT01", AUTHORITY_KEY, AUTHORITY_KEY, "UT01", is_authority=True, serial=8)
    store = imported(AUTHORITY, renewed, SIGNER)
    gone = removed(store, read_certificate(renewed).sha256, "ended", NOW)
    assert [each.sources for each in gone.of(EntryKind.SEAL_SIGNER)] == [(read_certificate(AUTHORITY).sha256,)]


def revoked(serials: tuple[int, ...], key: SigningKey = AUTHORITY_KEY) -> bytes:
    name = der.name([*PARTS, ("2.5.4.3", "UT01")])
    return issuing.revocation_list(name, key, serials, NOW, NOW + timedelta(days=90))


@pytest.mark.parametrize(("serials", "state"), [((7,), RevocationState.LISTED), ((8, 9), RevocationState.NOT_LISTED)])
def test_a_revocation_list_of_its_authority_speaks_of_a_signer(
    serials: tuple[int, ...], state: RevocationState
) -> None:
    store = imported(AUTHORITY, SIGNER, revoked(serials))
    assert check_seal(sealed_by(SIGNER_KEY), store.trust).revocation is state
    assert check_store(store, NOW).problems == ()


def test_a_revocation_list_of_nobody_is_left_out() -> None:
    assert "revocation list of UT: no authority of seals signed it" in left_out(
        imported(AUTHORITY), revoked((7,), SIGNER_KEY)
    )


def sealed_by(key: SigningKey, signed: str = "DC04UT01BIL1250025000101UT26FR") -> Seal:
    numbers = decode_dss_signature(key.sign(signed.encode()))
    written = base64.b32encode(b"".join(each.to_bytes(32, "big") for each in numbers)).decode().rstrip("=")
    return parse_seal(f"{signed}{US}{written}")


def test_of_two_certificates_of_one_name_the_key_decides() -> None:
    other = certificate("BIL1", new_key(), AUTHORITY_KEY, "UT01", serial=9)
    store = imported(AUTHORITY, SIGNER, other)
    check = check_seal(sealed_by(SIGNER_KEY), store.trust)
    assert (check.signature, check.signer and check.signer.sha256) == (
        SignatureState.VALID,
        read_certificate(SIGNER).sha256,
    )
    assert check_seal(sealed_by(new_key()), store.trust).signature is SignatureState.INVALID


def test_a_key_that_seals_are_not_signed_with_is_unsupported() -> None:
    store = imported(AUTHORITY, certificate("BIL1", rsa_key(2048), AUTHORITY_KEY, "UT01"))
    check = check_seal(sealed_by(SIGNER_KEY), store.trust)
    assert (check.signature, check.note) == (SignatureState.UNSUPPORTED, "a key of the kind rsa with 2048 bits")


def test_what_cannot_be_read_vouches_for_nothing() -> None:
    trust = imported(AUTHORITY, SIGNER).trust
    spoilt = replace(trust, seal_signers=tuple(replace(each, encoded=b"0") for each in trust.seal_signers))
    assert check_seal(sealed_by(SIGNER_KEY), spoilt) == SealCheck(
        note="cannot be read (Malformed)", trust_version=trust.version
    )


def test_a_store_changed_by_hand_is_seen() -> None:
    store = imported(AUTHORITY, SIGNER)
    [signer] = store.of(EntryKind.SEAL_SIGNER)
    [authority] = store.of(EntryKind.SEAL_AUTHORITY)
    assert problems([authority, replace(signer, name="UT01 BIL2")]) == ["changed by hand"]
    assert problems([signer]) == ["certified it any more"]


def problems(entries: Iterable[object]) -> list[str]:
    faults = check_store(TrustStore(tuple(entries)), NOW).problems  # type: ignore[arg-type]
    return [
        each.problem[-len("changed by hand") :] if "hand" in each.problem else each.problem[-21:] for each in faults
    ]


async def test_the_store_in_force_decides_and_one_that_cannot_be_read_vouches_for_nobody(tmp_path: Path) -> None:
    path = tmp_path / "trust.jsonl"
    bill = sealed_bill(HOLDER, variant="genuine", now=NOW)
    seal = parse_seal(bill.text)
    write_store(path, trusting(bill), instead_of=TrustStore())
    assert read_store(path) == trusting(bill)
    with ThreadPoolExecutor(1) as pool:
        assert (await SealsInPool(TrustInForce(path), pool).check(seal)).signature is SignatureState.VALID
        path.write_text("no store\n")
        assert await SealsInPool(TrustInForce(path), pool).check(seal) == SealCheck()


# ---- on pictures ----------------------------------------------------------------------------------------------------


def test_a_seal_is_read_from_the_paper() -> None:
    bill = sealed_bill(HOLDER, variant="genuine", now=NOW)
    paper = draw_bill(bill.text, ("Anna Maria Eriksson",), bill.issued)
    reading = DocumentReader().read([("image_front", paper)], [SEAL_FORM], NOW.date())
    assert (reading.seal, reading.side, reading.zone, reading.trouble) == (bill.text, "image_front", None, None)
    assert len(reading.lines) == 1


def test_paper_without_a_seal_says_so() -> None:
    reading = DocumentReader().read([("image_front", picture(3))], [SEAL_FORM], NOW.date())
    assert (reading.seal, reading.trouble) == ("", Trouble.NOT_FOUND)


def test_another_barcode_is_no_seal() -> None:
    import cv2
    import numpy as np

    paper = np.frombuffer(draw_bill("010368000123456717260101", (), NOW.date()), np.uint8)
    colours = cv2.imdecode(paper, cv2.IMREAD_COLOR)
    assert colours is not None
    assert read_seal(np.asarray(colours, np.uint8)) is None
