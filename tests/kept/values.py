"""One value of every kind that is sealed, each with every attribute other than by default.

What every version sealed of them is kept in `sealed`, and opens as them for ever. For an attribute that is new: seal a
newer file with it, and say in the tests what the older ones open as.
"""

from __future__ import annotations

from datetime import date

from ostiary.domain.clients.client import Address, Client, ClientStatus, Profile
from ostiary.domain.clients.contradictions import Aspect, Contradiction
from ostiary.domain.companies.company import Chain, Company, Environment, Webhook
from ostiary.domain.delivery.messages import Attempt, Message, Topic
from ostiary.domain.documents.document import Document, DocumentStatus, Side
from ostiary.domain.documents.pictures import PictureFindings
from ostiary.domain.documents.places import PrintedLine
from ostiary.domain.documents.reading import (
    Judgement,
    PictureQuality,
    Reading,
    ReadingOutcome,
    Result,
    RuleEvidence,
    Trouble,
)
from ostiary.domain.hosted.brand import Brand, Ink
from ostiary.domain.hosted.links import LinkStatus, LinkWish, OnboardingLink
from ostiary.domain.mrz.zone import Format, PartialDate, Zone
from ostiary.domain.onboarding.enablement import Enablement, Status
from ostiary.domain.operators.operator import Link, LinkKind, Operator, Role, SavedView
from ostiary.domain.operators.passkeys import Passkey
from ostiary.domain.operators.sessions import Session, SignInSource
from ostiary.domain.rejections import Code, Kind, Rejection
from ostiary.domain.review.approvals import Approval, Form, Proposal
from ostiary.domain.review.remarks import Remark
from ostiary.domain.screening.subject import Hit
from tests.kept import chip, risk, terms

MASTER = {1: bytes(range(32))}
LOOKUP_KEY = bytes(range(32, 64))
COMPANY_ID, CLIENT_ID, DOCUMENT_ID, UNREAD_ID, REQUEST_ID, MESSAGE_ID, REMARK_ID, ATTEMPT_ID, OPERATOR_ID = (
    f"0Gvzfo4iCUD7mSxUyEbZO0yZ0Ir4gfO{number}" for number in range(9)
)
AT_MS = 1_776_249_000_000


def company(data_key: bytes) -> Company:
    return Company(
        id=COMPANY_ID,
        name="Acme Añadida",
        environment=Environment.PRODUCTION,
        created_at_ms=AT_MS,
        data_key=data_key,
        signing_secret="whsec_" + "A" * 44,
        email="kyc@example.com",
        webhook=Webhook("https://example.com/hook", "a key", with_sequence=True, event_types=("onboarding_opened",)),
        version=3,
        chain=Chain(length=7, head=bytes(range(32))),
        previous_secret="whsec_" + "B" * 44,
        previous_until_ms=AT_MS + 1,
        quota_bytes=250 * 10**9,
        clock_ahead_ms=90 * 86_400_000,
        clock_until_ms=AT_MS + 2,
    )


PROFILE = Profile(
    first_name="Maria",
    last_name="Barber",
    email="mjuliabarber@example.com",
    birth_date="1984-11-21",
    address=Address(
        street_line1="Florida 9860",
        city="Del Viso",
        country="ARG",
        street_line2="2 B",
        postal_code="1669",
        state="ARG-B",
    ),
    second_name="Julia",
    phone_country_code=54,
    phone_number=1168860622,
    attributes={"occupation": "Teacher", "children": 2, "salary": 150000.5, "is_resident": True},
    reference="an older system's key 7",
)
REJECTION = Rejection(
    kind=Kind.DATA,
    key="occupation",
    code=Code.DATA_INVALID,
    field="attributes.occupation",
    reason="It is not an occupation.",
    retryable=True,
    action="Correct the named detail.",
    subject="a hash",
)


def client(data_key: bytes) -> Client:
    return Client(
        id=CLIENT_ID,
        company_id=COMPANY_ID,
        profile=PROFILE,
        status=ClientStatus.ACTIVE,
        created_at_ms=AT_MS,
        updated_at_ms=AT_MS + 1,
        data_key=data_key,
        email_key="mjuliabarber@example.com",
        refusals=(REJECTION,),
        version=4,
        chain=Chain(length=9, head=bytes(range(1, 33))),
        contradictions=(
            CONTRADICTION,
            Contradiction(aspect=Aspect.NAME, given="Maria Barber", read="Ana Barber", at_ms=AT_MS),
        ),
        risk_override=risk.RISK_OVERRIDE,
        accepted=terms.ACCEPTED,
    )


CONTRADICTION = Contradiction(
    aspect=Aspect.BIRTH_DATE, given="1984-11-21", read="1984-11-22", at_ms=AT_MS, document_id=DOCUMENT_ID,
    other_client_id=COMPANY_ID,
)  # fmt: skip
ZONE = Zone(
    format=Format.TD3,
    lines=("P<ARGBARBER<<MARIA<JULIA<<<<<<<<<<<<<<<<<<<<<", "AR12345675ARG8411211F3405319<<<<<<<<<<<<<<04"),
    document_code="P",
    country="ARG",
    number="AR1234567",
    surname="BARBER",
    given_names="MARIA JULIA",
    nationality="ARG",
    birth_date=PartialDate(year=1984, month=11, day=None),
    expiration_date=date(2034, 5, 31),
    sex="F",
    checks={"number": True, "birth_date": True, "composite": False},
    names_truncated=True,
    places={"number": "line 2, characters 1 to 9"},
)
READING = Reading(
    zone=ZONE,
    side="image_back",
    certainty=0.97,
    trouble=Trouble.TIMED_OUT,
    seen=PictureQuality(sharpness=0.8, glare=0.05, white=0.1, text_height_px=14.5),
    likeness=(("image_front", bytes(range(72))), ("image_back", bytes(72))),
    ms=140, page=2, seal="DC04FR03EDF1",
    lines=(
        PrintedLine((510, 8010, 9490, 8030, 9490, 8330, 510, 8310), 5020),
        PrintedLine((510, 8810, 9490, 8830, 9490, 9130, 510, 9110)),
    ),
)  # fmt: skip
JUDGEMENT = Judgement(
    outcome=ReadingOutcome.RETURN,
    compared=(
        RuleEvidence(
            rule="number",
            result=Result.DIFFERS,
            given="AB1",
            read="AR1234567",
            where="image_front, line 2, characters 1 to 9",
            note="a note",
        ),
        RuleEvidence(rule="name", result=Result.NOT_COMPARED),
    ),
    rejections=(REJECTION,),
    reasons=("number_doubtful", "name_doubtful"),
)
DOCUMENT = Document(
    id=DOCUMENT_ID,
    company_id=COMPANY_ID,
    client_id=CLIENT_ID,
    type="passport",
    status=DocumentStatus.REPLACED,
    metadata={"number": "AB1234567", "pages": 32, "is_new": False, "height": 1.5, "remark": None},
    sides=(
        Side(
            field="image_back",
            file="0Gvzfo.back",
            mark="00ff",
            findings=PictureFindings(
                media_type="image/jpeg",
                size_bytes=90_000,
                sha256=bytes(range(32)),
                width_px=1000,
                height_px=700,
                readable=True,
                sharpness=0.8,
                brightness=0.9,
                overexposed=0.2,
                too_costly=True,
            ),
        ),
        Side(
            field="image_front",
            file="0Gvzfo.front",
            mark="ff00",
            findings=PictureFindings(media_type=None, size_bytes=0, sha256=bytes(32)),
        ),
    ),
    created_at_ms=AT_MS,
    reading=READING,
    judgement=JUDGEMENT,
    chip=chip.CHIP_SENT,
    chip_evidence=chip.CHIP_EVIDENCE,
)
UNREAD = Document(
    id=UNREAD_ID,
    company_id=COMPANY_ID,
    client_id=CLIENT_ID,
    type="passport",
    status=DocumentStatus.ACCEPTED,
    metadata={},
    sides=(),
    created_at_ms=AT_MS,
    reading=Reading(zone=None),
    judgement=Judgement(outcome=ReadingOutcome.PASS),
)
REMARK = Remark(
    id=REMARK_ID,
    at_ms=AT_MS,
    enablement_id=REQUEST_ID,
    action="verdict_return",
    actor="operator:ana",
    text="Too dark to tell who it is.",
    subject=DOCUMENT_ID,
)
APPROVAL = Approval(
    id="0GkVv3tGxWm3rM1mZZ8yQ7oX1mPpApRv",
    enablement_id=REQUEST_ID,
    at_ms=AT_MS,
    maker="operator:ana",
    operator_id="0GkVv3tGxWm3rM1mZZ8yQ7oX1mPpOpEr",
    look=11,
    position=12,
    kinds=("approve", "override"),
    proposal=Proposal(
        form=Form.RETURN,
        text="Send the back again.",
        codes=("image_blurred",),
        keys=("passport.image_back",),
        subject=DOCUMENT_ID,
        to="cleared",
        note="Too dark to tell who it is.",
        is_override=True,
    ),
)
HIT = Hit(
    list="own",
    version="7",
    entry_id="NK-1",
    name="Listed Person",
    score=0.93,
    threshold=0.85,
    topics=("sanction",),
    birth_dates=("1970-02-03", "1970"),
    countries=("ARG", "URY"),
)
REQUEST = Enablement(
    id=REQUEST_ID,
    company_id=COMPANY_ID,
    client_id=CLIENT_ID,
    product="cards",
    catalogue_version="64302593838959a5ac9fbb2a5d7d79e2",
    status=Status.REJECTED,
    created_at_ms=AT_MS,
    updated_at_ms=AT_MS,
    rejection_description="No.",
    private_note="Not him.",
)
MESSAGE = Message(
    id=MESSAGE_ID,
    company_id=COMPANY_ID,
    topic=Topic.ENQUIRY,
    client_id=CLIENT_ID,
    enablement_id=REQUEST_ID,
    sequence=2,
    due_at_ms=AT_MS,
    body={"attempt": 1, "product": "cards", "external_id": "an id of theirs"},
)
ATTEMPT = Attempt(at_ms=AT_MS, ms=12, status=500, problem="", answer=b"an answer that is kept")
OPERATOR = Operator(
    id=OPERATOR_ID,
    name="Ana",
    role=Role.APPROVER,
    companies=(COMPANY_ID,),
    created_at_ms=AT_MS,
    updated_at_ms=AT_MS + 1,
    password_hash="$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    code_secret="GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ",
    last_step=59_208_300,
    link=Link(kind=LinkKind.SIGNS_IN, secret_hash="00ff", until_ms=AT_MS + 2),
    is_disabled=True,
    addresses=("00ff", "ff00"),
    identity="google 1234",
    language="pt",
    views=(SavedView(id=MESSAGE_ID, name="Hits of today", query="kind=screening", is_shared=True),),
)
PASSKEY = Passkey(
    mark=bytes(range(32, 64)),
    operator_id=OPERATOR_ID,
    name="blue key",
    credential_id=b"a credential",
    public_key=bytes(range(77)),
    sign_count=4,
    created_at_ms=AT_MS,
    used_at_ms=AT_MS + 3,
    ended_at_ms=AT_MS + 4,
)
SESSION = Session(
    mark=bytes(range(32)),
    operator_id=OPERATOR_ID,
    created_at_ms=AT_MS,
    seen_at_ms=AT_MS + 1,
    ends_at_ms=AT_MS + 2,
    source=SignInSource(address="203.0.113.7", agent="a browser"),
)
LINK = OnboardingLink(
    id="0Gvzfo4iCUD7mSxUyEbZO0yZ0Ir4gfO9",
    company_id=COMPANY_ID,
    client_id=CLIENT_ID,
    mark=bytes(range(32)),
    wish=LinkWish(
        request_ids=(REQUEST_ID,),
        return_url="https://partner.example/back",
        refresh_url="https://partner.example/again",
        state="a state",
        language="es",
        minutes=90,
    ),
    status=LinkStatus.FINISHED,
    created_at_ms=AT_MS,
    expires_at_ms=AT_MS + 1,
    due_at_ms=AT_MS + 2,
    opened_at_ms=AT_MS + 3,
    ended_at_ms=AT_MS + 4,
    parent_id="0Gvzfo4iCUD7mSxUyEbZO0yZ0Ir4gfOA",
    sequence=5,
)
BRAND = Brand(
    name="Acme Pay",
    primary_colour="#ffd400",
    text_on_primary=Ink.BLACK,
    background_colour="#102030",
    text_on_background=Ink.WHITE,
    support="help@example.com",
    privacy={"en": "What we keep.", "es": "Lo que guardamos."},
)
