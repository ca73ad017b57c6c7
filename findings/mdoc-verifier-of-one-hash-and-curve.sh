#!/bin/bash
# pymdoccbor 1.4.0, which issues and verifies mobile driving licences and the European wallet's identity data (mdoc, ISO/IEC
# 18013-5), asked to verify what it issued itself.
#
# Expected: the standard's mobile security object names its digest algorithm, SHA-256, SHA-384 or SHA-512, apart from the
#   algorithm of its signature, and issuers sign with P-256, P-384, P-521 or Brainpool curves. What the library issues in
#   one of these ways it also verifies, as verify() says of itself.
# What happens: the issuer takes ES256, ES384 and ES512, and writes the digest algorithm that goes with it. The verifier takes
#   SHA-256 whatever the object names: of a licence with SHA-384 or SHA-512 every element is a "hash mismatch", as if somebody
#   had changed it, while the signature over those same digests is found valid. Its table of the lengths of coordinates has P-256
#   alone: of an issuer on P-384 or P-521 nothing is verified (KeyError within, of which verify() tells only False), and the
#   document comes back as a plain dict without hash_verification.
# Why it matters: False is what forgeries get. Who onboards by wallet turns away everybody from an issuer with a longer hash
#   or key, calls them forgers, and cannot tell from the answer that it was the verifier.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    pymdoccbor==1.4.0 cbor2==6.3.0 pycose==1.1.0 cbor-diag==1.2.0 cryptography==50.0.2
cat > "$folder/try.py" <<'PY'
"""One licence, issued in five ways that the standard allows, and verified by the same library."""
import datetime
import logging
import warnings

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)
from pymdoccbor.mdoc.issuer import MdocCborIssuer  # noqa: E402
from pymdoccbor.mdoc.verifier import MdocCbor, MobileDocument  # noqa: E402

LICENCE = {"org.iso.18013.5.1": {"family_name": "Barber", "given_name": "Maria", "birth_date": "1984-11-21"}}
DAYS = {"issuance_date": "2026-01-01", "expiry_date": "2036-01-01"}


def signer(curve, curve_name, algorithm):
    key = ec.generate_private_key(curve)
    size, point = (curve.key_size + 7) // 8, key.public_key().public_numbers()
    named = {"KTY": "EC2", "CURVE": curve_name, "ALG": algorithm}
    numbers = {"D": key.private_numbers().private_value, "X": point.x, "Y": point.y}
    name = x509.Name([x509.NameAttribute(x509.NameOID.COUNTRY_NAME, "UT")])
    certificate = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
        .not_valid_before(datetime.datetime(2026, 1, 1)).not_valid_after(datetime.datetime(2036, 1, 1))
        .sign(key, hashes.SHA256())
    )
    return {**named, **{letter: number.to_bytes(size, "big") for letter, number in numbers.items()}}, certificate


def verified(curve, curve_name, algorithm, digests):
    """What verify() says, what the object names, how many elements fit, and whether the signature alone is valid."""
    key, certificate = signer(curve, curve_name, algorithm)
    issuer = MdocCborIssuer(private_key=key, alg=digests)
    issuer.new(LICENCE, "org.iso.18013.5.1.mDL", DAYS, signer(ec.SECP256R1(), "P_256", "ES256")[0], x509_chain=[certificate])
    read = MdocCbor()
    read.loads(issuer.dump())
    answer = read.verify()
    (document,) = read.documents + read.documents_invalid
    alone = MobileDocument(**read.data_as_cbor_dict["documents"][0])
    names = alone.issuersigned.issuer_auth.payload_as_dict["digestAlgorithm"]
    try:
        signature = alone.verify(verify_hashes=False)
    except KeyError as error:
        signature = repr(error)
    if isinstance(document, dict):
        return answer, names, "nothing was compared", signature
    fits = document.hash_verification
    return answer, names, f"{fits['verified']} of {fits['total']} elements fit", signature


SIGNERS = (("P-256", ec.SECP256R1(), "P_256", "ES256"), ("P-384", ec.SECP384R1(), "P_384", "ES384"),
        ("P-521", ec.SECP521R1(), "P_521", "ES512"))
rows = [("P-256", verified(*SIGNERS[0][1:], digests)) for digests in ("ES256", "ES384", "ES512")]
rows += [(name, verified(curve, curve_name, own, own)) for name, curve, curve_name, own in SIGNERS[1:]]
for name, row in rows:
    print(f"{name}, digests {row[1]}: {row[0]}, {row[2]}, signature alone: {row[3]}")
assert [row for _, row in rows] == [
    (True, "SHA-256", "3 of 3 elements fit", True),
    (False, "SHA-384", "0 of 3 elements fit", True),
    (False, "SHA-512", "0 of 3 elements fit", True),
    (False, "SHA-384", "nothing was compared", "KeyError('secp384r1')"),
    (False, "SHA-512", "nothing was compared", "KeyError('secp521r1')"),
], "the behaviour changed"
PY
"$folder/venv/bin/python" "$folder/try.py"
