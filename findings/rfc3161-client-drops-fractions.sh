#!/bin/bash
# rfc3161-client beside rfc3161ng: the moment that a time-stamp token states.
#
# Expected: RFC 3161 lets an authority state fractions of a second ("20260415103000.081234Z"), as openssl does with
#   `clock_precision_digits`, and a client gives the moment that was signed.
# What happens: rfc3161-client accepts the token, verifies it, gives its accuracy to the microsecond, and its `gen_time` has
#   the fraction cut off. rfc3161ng and openssl show it.
# Why it matters: a stamp comes out earlier than the record it was asked for, by up to a second, so that a check "stamped
#   after it was written" fails for most good records, and of two stamps within a second it is no longer told which was
#   first, though the authority says that its tokens can be put in order (`ordering`).
#
# Needs openssl, as the authority.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check rfc3161-client==1.0.9 rfc3161ng==2.1.3
cat >authority.cnf <<'INI'
[req]
distinguished_name = name
x509_extensions = stamping
prompt = no
[name]
CN = Authority
[stamping]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
[authority]
serial = serial
default_policy = 1.2.3.4
digests = sha256
signer_digest = sha256
accuracy = secs:0, microsecs:100
clock_precision_digits = 6
ordering = yes
INI
openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out certificate.pem -config authority.cnf 2>log ||
  { cat log; exit 2; }
echo 01 >serial
echo "client approved" >record
openssl ts -query -data record -sha256 -cert -out query 2>log || { cat log; exit 2; }
openssl ts -reply -config authority.cnf -section authority -queryfile query -inkey key.pem -signer certificate.pem \
  -out answer 2>log || { cat log; exit 2; }
openssl ts -reply -in answer -text 2>log | grep "Time stamp"
venv/bin/python - <<'PY'
from importlib.metadata import version
from pathlib import Path

import rfc3161_client
import rfc3161ng
from cryptography import x509
from pyasn1.codec.der import decoder, encoder

print("rfc3161-client", version("rfc3161-client"), "rfc3161ng", version("rfc3161ng"))
raw = Path("answer").read_bytes()
answer = rfc3161_client.decode_timestamp_response(raw)
certificate = x509.load_pem_x509_certificate(Path("certificate.pem").read_bytes())
verifier = rfc3161_client.VerifierBuilder(tsa_certificate=certificate, roots=[certificate]).build()
assert verifier.verify_message(answer, Path("record").read_bytes())
one, accuracy = answer.tst_info.gen_time, answer.tst_info.accuracy
token = encoder.encode(decoder.decode(raw, asn1Spec=rfc3161ng.TimeStampResp())[0].time_stamp_token)
other = rfc3161ng.get_timestamp(token, naive=False)
print(f"rfc3161-client {one} (to {accuracy.micros} us)\nrfc3161ng      {other}")
assert other.microsecond, "by chance it is a whole second: once more, please"
assert one.microsecond == 0 and one == other.replace(microsecond=0), "the behaviour changed"
PY
