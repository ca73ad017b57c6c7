"""What pyHanko says of security objects: run by the Python of its own environment, which has no Ostiary.

Its input is lines of JSON with a name, signed data in hexadecimal and the country's certificate; its output says of
each whether the signature, what was signed and the signer's certificate hold.
"""

from __future__ import annotations

import hashlib
import json
import logging
import sys
from typing import Any

from asn1crypto import cms
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from pyhanko.sign.validation.generic_cms import validate_sig_integrity


def main() -> None:
    logging.disable(logging.CRITICAL)
    for line in sys.stdin:
        name, signed, country = json.loads(line)
        answer: object
        try:
            answer = holds(bytes.fromhex(signed), bytes.fromhex(country))
        except Exception as fault:
            answer = type(fault).__name__
        sys.stdout.write(json.dumps([name, answer]) + "\n")


def holds(signed: bytes, country: bytes) -> bool:
    data = cms.ContentInfo.load(signed, strict=True)["content"]
    [signer] = data["signer_infos"]
    named = signer["sid"].chosen
    every = [each.chosen for each in data["certificates"]]
    certificate = next(
        each for each in every if each.serial_number == named["serial_number"].native and each.issuer == named["issuer"]
    )
    content = bytes(data["encap_content_info"]["content"])
    digest = hashlib.new(signer["digest_algorithm"]["algorithm"].native, content).digest()
    kind = data["encap_content_info"]["content_type"].native
    intact, valid = validate_sig_integrity(signer, certificate, expected_content_type=kind, actual_digest=digest)
    return bool(intact and valid) and certified(certificate.dump(), country)


def certified(signer: bytes, country: bytes) -> bool:
    certificate, key = x509.load_der_x509_certificate(signer), x509.load_der_x509_certificate(country).public_key()
    how: Any = certificate.signature_algorithm_parameters
    signature, signed, hashed = (
        certificate.signature,
        certificate.tbs_certificate_bytes,
        certificate.signature_hash_algorithm,
    )
    if isinstance(key, rsa.RSAPublicKey) and hashed is not None:
        key.verify(signature, signed, how, hashed)
        return True
    if isinstance(key, ec.EllipticCurvePublicKey):
        key.verify(signature, signed, how)
        return True
    return False


if __name__ == "__main__":
    main()
