"""Chips: does every certificate of public master lists serve, how long do lists and verifications take?

    python -m bench.chips FOLDER [--json]

FOLDER holds master lists (`*.ml`), the certificates that vouch for them (`*.cer`), and may hold the files of a chip
(`bsi/`: EF_SOD.bin, Datagroup1.bin ...). Nothing of it is part of this repository. For each certificate a key of the
same form is made, and a signature of it verified: the lists' own keys sign nothing for us.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from ostiary.adapters.chip.certificates import ChipCertificate
from ostiary.adapters.chip.keys import PublicKey, read_key
from ostiary.adapters.chip.signatures import SignatureForm, verifies
from ostiary.adapters.chip.tlv import encoded, members
from ostiary.adapters.chip.trust import Trust, trusted
from ostiary.adapters.chip.verifier import verify_chip
from ostiary.adapters.trust.checking import check_store
from ostiary.adapters.trust.importing import plan_import
from ostiary.adapters.trust.sources import read_import
from ostiary.adapters.trust.store import EntryKind, TrustStore, write_store
from ostiary.domain.chip.judging import judge_chip
from ostiary.domain.chip.limits import ChipFile
from ostiary.domain.chip.reading import SignatureState
from ostiary.domain.chip.rules import ChipCase

VERIFICATIONS = 100
HASHES = {
    "sha1": hashes.SHA1(),  # noqa: S303 (real keys sign with it)
    "sha224": hashes.SHA224(),
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}
CHIP = {"dg1": "Datagroup1", "dg2": "Datagroup2", "dg14": "Datagroup14"}


def measured(work: Callable[[], Any]) -> tuple[Any, float, float]:
    """What it gives, with seconds that passed, and seconds of processor."""
    wall, own = time.perf_counter(), time.process_time()
    result = work()
    return result, time.perf_counter() - wall, time.process_time() - own


def imported(folder: Path) -> TrustStore:
    """Every list of the folder, written to a store."""
    vouching = tuple(each for path in folder.glob("*.cer") for each in read_import(path.read_bytes()).certificates)
    store = TrustStore()
    for path in sorted(folder.glob("*.ml")):
        store = plan_import(store, read_import(path.read_bytes()), vouching).store
    with tempfile.TemporaryDirectory() as place:
        write_store(Path(place) / "trust.jsonl", store, instead_of=TrustStore())
    return store


# ---- a key of the same form -----------------------------------------------------------------------------------------


@cache
def rsa_of(bits: int, exponent: int) -> rsa.RSAPrivateKey:
    """Any odd exponent, which the library makes no keys for: from two primes of a usual key."""
    if exponent in (3, 65_537):
        return rsa.generate_private_key(exponent, bits)
    while True:
        primes = rsa.generate_private_key(65_537, bits).private_numbers()
        order = (primes.p - 1) * (primes.q - 1)
        try:
            secret = pow(exponent, -1, order)
        except ValueError:
            continue
        public = rsa.RSAPublicNumbers(exponent, primes.p * primes.q)
        parts = rsa.rsa_crt_dmp1(secret, primes.p), rsa.rsa_crt_dmq1(secret, primes.q), primes.iqmp
        return rsa.RSAPrivateNumbers(primes.p, primes.q, secret, *parts, public).private_key()


@cache
def ec_of(curve: str) -> ec.EllipticCurvePrivateKey:
    known: dict[str, type[ec.EllipticCurve]] = {
        kind.name: kind for kind in vars(ec).values() if isinstance(kind, type) and hasattr(kind, "name")
    }
    return ec.generate_private_key(known[curve]())


def same_form_verifies(certificate: ChipCertificate) -> bool:
    """A key whose parameters are the certificate's own bytes, and a signature of the form that the certificate has, or
    if its issuer has another kind of key, the usual one of its own."""
    key, form, text = certificate.key, certificate.form, b"what is signed"
    algorithm, _ = members(certificate.key_info)
    if isinstance(key.key, rsa.RSAPublicKey):
        private = rsa_of(key.bits, key.key.public_numbers().e)
        public = private.public_key().public_numbers()
        numbers = encoded(0x30, b"".join(_integer(each) for each in (public.n, public.e)))
        own = read_key(encoded(0x30, algorithm.encoded + encoded(0x03, b"\0" + numbers)))
        form = form if form.kind in ("rsa", "pss") else SignatureForm("rsa", form.digest)
        used = padding.PKCS1v15() if form.kind == "rsa" else _pss(form)
        return verifies(own, form, private.sign(text, used, HASHES[form.digest]), text)
    return _curve_verifies(key, algorithm.encoded, form, text)


def _curve_verifies(key: PublicKey, algorithm: bytes, form: SignatureForm, text: bytes) -> bool:
    private = ec_of(key.curve)
    numbers, size = private.public_key().public_numbers(), (key.bits + 7) // 8
    point = b"\x04" + numbers.x.to_bytes(size, "big") + numbers.y.to_bytes(size, "big")
    own = read_key(encoded(0x30, algorithm + encoded(0x03, b"\0" + point)))
    form = form if form.kind == "ecdsa" else SignatureForm("ecdsa", form.digest)
    return verifies(own, form, private.sign(text, ec.ECDSA(HASHES[form.digest])), text)


def _pss(form: SignatureForm) -> padding.PSS:
    return padding.PSS(padding.MGF1(HASHES[form.mask_digest]), form.salt_bytes)


def _integer(value: int) -> bytes:
    return encoded(0x02, value.to_bytes(value.bit_length() // 8 + 1, "big"))


# ---- a chip ---------------------------------------------------------------------------------------------------------


def chip_in(folder: Path) -> dict[ChipFile, bytes]:
    files = {ChipFile(name): (folder / f"{word}.bin").read_bytes() for name, word in CHIP.items()}
    return {ChipFile.SOD: (folder / "EF_SOD.bin").read_bytes(), **files}


def changed_bytes_seen(files: dict[ChipFile, bytes], trust: Trust, now: datetime) -> int:
    """Of all changes of one byte of DG1, those after which it no longer fits."""
    zone = files[ChipFile.DG1]
    changes = (zone[:at] + bytes([zone[at] ^ bit]) + zone[at + 1 :] for at in range(len(zone)) for bit in (1, 16, 128))
    judged = (judge_chip(ChipCase(verify_chip({**files, ChipFile.DG1: each}, trust, now), now)) for each in changes)
    return sum("chip_data_invalid" in judgement.doubts for judgement in judged)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.chips")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    figures: dict[str, Any] = {}
    store, wall, own = measured(lambda: imported(options.folder))
    figures["import"] = {"seconds": round(wall, 2), "processor_seconds": round(own, 2)}
    anchors = [anchor.certificate for anchor in store.trust.anchors]
    keys = Counter(entry.key for entry in store.of(EntryKind.ANCHOR))
    figures["certificates"] = {"parsed": len(anchors), "keys": dict(keys.most_common())}
    figures["certificates"]["of_the_same_form_verify"] = sum(map(same_form_verifies, anchors))
    check, wall, own = measured(lambda: check_store(store, datetime.now(UTC)))
    counts = {name: getattr(check, name) for name in ("self_signed", "linked", "listed_only", "expired")}
    figures["verify"] = {**counts, "processor_seconds": round(own, 2)}
    if (options.folder / "bsi").is_dir():
        figures["chip"] = measured_chip(chip_in(options.folder / "bsi"), store)
    print(json.dumps(figures, indent=None if options.json else 2))


def measured_chip(files: dict[ChipFile, bytes], store: TrustStore) -> dict[str, Any]:
    now, trust = datetime.now(UTC), store.trust
    signer = trusted(_signer(files[ChipFile.SOD]))
    crowded = Trust(trust.version, (*trust.anchors, signer))
    reading = verify_chip(files, crowded, now)
    verify_chip(files, crowded, now)
    _, alone, own = measured(lambda: [verify_chip(files, crowded, now) for _ in range(VERIFICATIONS)])
    with ThreadPoolExecutor(2) as pool:
        _, two, _ = measured(lambda: list(pool.map(lambda _: verify_chip(files, crowded, now), range(VERIFICATIONS))))
    return {
        "signature_verifies": reading.signature is SignatureState.VALID,
        "groups": {group.name: group.fits for group in reading.groups},
        "changes_of_a_byte_of_dg1": 3 * len(files[ChipFile.DG1]),
        "of_them_seen": changed_bytes_seen(files, crowded, now),
        "100_verifications": {
            "seconds": round(alone, 2), "processor_seconds": round(own, 2), "seconds_in_two_threads": round(two, 2),
        },
    }  # fmt: skip


def _signer(sod: bytes) -> ChipCertificate:
    from ostiary.adapters.chip.security_object import read_security_object

    return read_security_object(sod).signed.certificates[0]


if __name__ == "__main__":
    main()
