"""A chip, and the trust store it is verified against, from what is asked of it; all else as it should be."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

from ostiary.adapters.chip.certificates import read_certificate
from ostiary.adapters.chip.tlv import encoded
from ostiary.adapters.chip.trust import Trust, TrustedRevocations, trusted
from ostiary.adapters.chip.verifier import verify_chip
from ostiary.domain.chip.judging import ChipJudgement, judge_chip
from ostiary.domain.chip.limits import ChipFile
from ostiary.domain.chip.reading import ChipReading
from ostiary.domain.chip.rules import ChipCase
from ostiary.specimens.chip import der, issuing
from ostiary.specimens.chip.files import LDS_CONTENT, SOD_TAG, group_hashes, zone_group
from ostiary.specimens.chip.issuing import CertificatePlan, SigningKey
from ostiary.specimens.zone_lines import Holder, passport_lines
from tests.chips.keys import ec_key

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
YEAR = timedelta(days=365)
C, O, CN = "2.5.4.6", "2.5.4.10", "2.5.4.3"  # noqa: E741 (as names are written)
HOLDER = Holder(
    number="AB1234567",
    surname="Alvarez",
    given_names="Maria",
    country="ARG",
    birth_date=date(1984, 11, 21),
    expiration_date=date(2031, 5, 4),
    sex="F",
)
ZONE = zone_group(passport_lines(HOLDER))
Bytes = Callable[[bytes], bytes]


def same(content: bytes) -> bytes:
    return content


def named(country: str = "AR", last: str = "CSCA", tag: int = der.UTF8) -> bytes:
    return der.name([(C, country), (O, "Interior"), (CN, last)], tag)


@dataclass(frozen=True)
class Build:
    """Knobs. `csca` is in the store, `issues` signs the signer's certificate (the csca unless another is given);
    `certificates` may change what is embedded, `information` the signer info, `finish` the whole security object."""

    csca: SigningKey = field(default_factory=lambda: ec_key(which=1))
    signer: SigningKey = field(default_factory=lambda: ec_key(which=2))
    issues: SigningKey | None = None
    csca_name: bytes = field(default_factory=named)
    issuer_name: bytes | None = None
    named_issuer: bytes | None = None
    signer_name: bytes = field(default_factory=lambda: named(last="DS"))
    csca_extensions: tuple[bytes, ...] | None = None
    signer_extensions: tuple[bytes, ...] = (issuing.signing_only(),)
    names_issuer_key: bool = True
    csca_version: int = 2
    csca_begin: datetime = NOW - 12 * YEAR
    csca_end: datetime = NOW + 3 * YEAR
    serial: int = 98
    begin: datetime = NOW - YEAR
    end: datetime = NOW + 10 * YEAR
    groups: Mapping[str, bytes] = field(default_factory=lambda: {"dg1": ZONE})
    sent: Mapping[str, bytes] = field(default_factory=dict)
    digest: str = ""
    content: Bytes = same
    content_type: str = LDS_CONTENT
    signed_at: datetime | None = NOW - YEAR / 2
    attributes: Callable[[tuple[bytes, ...]], tuple[bytes, ...]] | None = None
    by_key_id: bool = False
    certificates: Callable[[bytes, bytes], tuple[bytes, ...]] = lambda signer, csca: (signer,)
    information: Bytes = same
    more_signers: tuple[bytes, ...] = ()
    finish: Bytes = same
    stored: Callable[[bytes, bytes], Trust] | None = None
    more_anchors: tuple[bytes, ...] = ()
    revokes: tuple[int, ...] | None = None

    def with_(self, **changes: object) -> Build:
        return replace(self, **changes)  # type: ignore[arg-type]


def csca_certificate(build: Build) -> bytes:
    """The country's, signed by itself."""
    key_id = issuing.key_identifiers(subject=build.csca.key_id)
    extensions = (*issuing.authority(), key_id) if build.csca_extensions is None else build.csca_extensions
    plan = CertificatePlan(
        subject=build.csca_name,
        issuer=build.csca_name,
        serial=1,
        begin=build.csca_begin,
        end=build.csca_end,
        extensions=extensions if build.csca_version else (),
        version=build.csca_version,
    )
    return issuing.certificate(plan, build.csca.key_info, build.csca)


def signer_certificate(build: Build) -> bytes:
    key_id = [issuing.key_identifiers(issuer=build.csca.key_id)] if build.names_issuer_key else []
    own_id = [issuing.key_identifiers(subject=build.signer.key_id)] if build.by_key_id else []
    plan = CertificatePlan(
        subject=build.signer_name,
        issuer=build.issuer_name or build.csca_name,
        serial=build.serial,
        begin=build.begin,
        end=build.end,
        extensions=(*build.signer_extensions, *key_id, *own_id),
    )
    return issuing.certificate(plan, build.signer.key_info, build.issues or build.csca)


def security_object(build: Build, signer: bytes, csca: bytes) -> bytes:
    content = build.content(group_hashes(build.groups, build.digest or build.signer.digest))
    if build.by_key_id:
        name = der.tagged(0, build.signer.key_id, is_primitive=True)
    else:
        name = der.sequence(build.named_issuer or build.issuer_name or build.csca_name, der.integer(build.serial))
    attributes = issuing.attributes(build.content_type, content, build.signer.digest, build.signed_at)
    attributes = build.attributes(attributes) if build.attributes else attributes
    information = build.information(issuing.signer_info(name, build.signer, attributes))
    certificates = build.certificates(signer, csca)
    signers = (information, *build.more_signers)
    signed = issuing.signed_data(build.content_type, content, certificates, *signers, digest=build.signer.digest)
    return build.finish(encoded(SOD_TAG, signed))


@dataclass(frozen=True)
class BuiltChip:
    """Files and the store; `judged` is what comes of them."""

    files: Mapping[ChipFile, bytes]
    trust: Trust
    csca: bytes

    def read(self, **changed: bytes) -> ChipReading:
        """With some files changed."""
        files = {**self.files, **{ChipFile(name): content for name, content in changed.items()}}
        return verify_chip(files, self.trust, NOW)

    def judged(self, **changed: bytes) -> ChipJudgement:
        return judge_chip(ChipCase(self.read(**changed), NOW))

    @property
    def outcome(self) -> str:
        """What is proven, or the doubts."""
        judgement = self.judged()
        return " ".join(judgement.doubts) or str(judgement.proof)


def built(build: Build | None = None) -> BuiltChip:
    build = build or Build()
    csca, signer = csca_certificate(build), signer_certificate(build)
    files = {"sod": security_object(build, signer, csca), **build.groups, **build.sent}
    trust = build.stored(csca, signer) if build.stored else stored(csca, *build.more_anchors)
    if build.revokes is not None:
        crl = issuing.revocation_list(build.csca_name, build.csca, build.revokes, NOW, NOW + YEAR)
        anchor = trust.anchors[0].sha256
        trust = replace(trust, revocations=(TrustedRevocations(crl, "crl", (anchor,)),))
    return BuiltChip({ChipFile(name): content for name, content in files.items()}, trust, csca)


def stored(*anchors: bytes) -> Trust:
    """A store of these certificates."""
    return Trust("test", tuple(trusted(read_certificate(each), ("AR 2026-05-01",)) for each in anchors))
