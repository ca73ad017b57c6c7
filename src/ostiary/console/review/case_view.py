"""One case as its page shows it: what speaks against approving first, then what it rests on."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ostiary.console.review.boxes import RuleBox, box_key, boxes_of
from ostiary.console.review.differences import Piece, pieces_of
from ostiary.domain.clients.client import Profile
from ostiary.domain.documents.chip_kept import CHIP_PORTRAIT
from ostiary.domain.documents.document import Document
from ostiary.domain.documents.pictures import DOCUMENT_TYPES
from ostiary.domain.documents.reading import Result, RuleEvidence
from ostiary.domain.onboarding.enablement import Enablement, Review, Status
from ostiary.domain.onboarding.review_reasons import REVIEW_REASONS, ReviewReason
from ostiary.domain.review.routing import doubts
from ostiary.domain.screening.hits import HitState, StoredHit
from ostiary.domain.sentences import N_, Sentence, code_words, joined, sentence
from ostiary.usecases.review.decide import ReviewDetails
from ostiary.wire.review import dialled

WHY = {
    Review.SUBMISSION: N_(
        "Something about this submission is doubtful, or its product leaves every decision to people."
    ),
    Review.CONFIRMATION: N_("Every rule agreed; the product wants a person to confirm it."),
    Review.CHANGE: N_(
        "An enabled client is said to be somebody else, or something he was let in with no longer holds."
    ),
    Review.SCREENING: N_("A list names a client who is enabled."),
    Review.RENEWAL: N_("What was due again was sent and waits for a decision, or did not come in time."),
    Review.CLASH: N_("A document's number is held by another client."),
}
RULES = {
    "machine_readable": N_("Machine-readable part"),
    "format": N_("Form of the document"),
    "digits": N_("Check digits"),
    "certainty": N_("Certainty of the reading"),
    "number": N_("Document number"),
    "issuing_country": N_("Issuing country"),
    "expiration_date": N_("Expiration date"),
    "birth_date": N_("Birth date"),
    "first_name": N_("First name"),
    "last_name": N_("Last name"),
    "other_clients": N_("Number used by others"),
    "look_alike": N_("Picture like another's"),
    "seal_form": N_("Seal on the paper"),
    "seal_signature": N_("Signature of the seal"),
    "seal_signer": N_("Signer of the seal"),
    "seal_revocation": N_("Revocation of the signer"),
    "seal_age": N_("Age of the paper"),
    "seal_name": N_("Name on the seal"),
    "seal_address": N_("Address on the seal"),
    "chip_groups": N_("Files of the chip"),
    "chip_signature": N_("Signature on the chip"),
    "chip_signer": N_("Who signed the chip"),
    "chip_country": N_("Country that signed the chip"),
    "chip_time": N_("When the chip was signed"),
    "chip_strength": N_("Strength of the chip's signatures"),
    "chip_revocation": N_("Revocation of the chip's signer"),
    "chip_kind": N_("Kind of document on the chip"),
    "chip_present": N_("Chip at hand"),
    "chip_picture": N_("Picture and chip"),
}
RESULTS = {
    Result.DIFFERS: (N_("differs"), "bad"),
    Result.DOUBTFUL: (N_("doubtful"), "warn"),
    Result.AGREES: (N_("agrees"), "good"),
    Result.NOT_COMPARED: (N_("not compared"), ""),
}
_RANKS = {Result.DIFFERS: 0, Result.DOUBTFUL: 1, Result.NOT_COMPARED: 2, Result.AGREES: 3}
SIDES = {"image_front": N_("front"), "image_back": N_("back"), CHIP_PORTRAIT: N_("portrait of its chip")}
MOST_PAGES = 2
"""Of a PDF that are shown, as `pdf.pages` gives them."""


@dataclass(frozen=True, slots=True)
class ReasonWords:
    """Why a person is asked. `is_doubt`: approving against it needs a note."""

    code: str
    words: str
    is_doubt: bool


@dataclass(frozen=True, slots=True)
class RuleLine:
    """One rule of one document: both values with what differs marked. `key` is that of its box on a picture, `is_boxed`
    whether there is one."""

    key: str
    is_boxed: bool
    document: str
    rule: str
    result: str
    tone: str
    given: tuple[Piece, ...]
    read: tuple[Piece, ...]
    where: Sentence
    note: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class BoxView:
    """A box on a picture, with the rule's name and outcome in words."""

    box: RuleBox
    rule: str
    result: str


@dataclass(frozen=True, slots=True)
class PictureView:
    """A picture of the page: its name in words, and the end of its address. `media_type` is what was sent,
    `boxes` where values were read."""

    label: Sentence
    document_id: str
    side: str
    page: int
    media_type: str
    width_px: int | None
    height_px: int | None
    is_current: bool
    boxes: tuple[BoxView, ...]


@dataclass(frozen=True, slots=True)
class HitLine:
    """One field of a hit: the client's beside the list's."""

    name: str
    client: tuple[Piece, ...]
    listed: tuple[Piece, ...]
    agrees: bool | None


def reasons_of(enablement: Enablement) -> tuple[ReasonWords, ...]:
    """In words; a code of a newer version is shown as it is."""
    against = set(doubts(enablement.review_reasons))
    return tuple(
        ReasonWords(
            code, REVIEW_REASONS.get(ReviewReason(code), code) if code in set(ReviewReason) else code, code in against
        )
        for code in enablement.review_reasons
    )


def rule_lines(documents: Sequence[Document]) -> tuple[RuleLine, ...]:
    """What differs, then what is doubtful, then what was not compared, then what agrees."""
    found_out = [
        (number, document, evidence)
        for number, document in enumerate(documents, 1)
        if document.judgement is not None
        for evidence in document.judgement.compared
    ]
    found_out.sort(key=lambda each: _RANKS[each[2].result])
    boxed = {each.box.key for view in pictures_of(documents) for each in view.boxes}
    return tuple(_rule_line(*each, boxed) for each in found_out)


def _rule_line(number: int, document: Document, evidence: RuleEvidence, boxed: Collection[str]) -> RuleLine:
    key = box_key(number, evidence.rule)
    words, tone = RESULTS[evidence.result]
    return RuleLine(
        key=key,
        is_boxed=key in boxed,
        document=document.type,
        rule=_rule_words(evidence.rule),
        result=words,
        tone=tone,
        given=pieces_of(evidence.given, evidence.read),
        read=pieces_of(evidence.read, evidence.given),
        where=_where(evidence.where),
        note=evidence.note,
        is_open=evidence.result in (Result.DIFFERS, Result.DOUBTFUL),
    )


def _rule_words(rule: str) -> str:
    return RULES.get(rule, rule.replace("_", " ").capitalize())


def _where(text: str) -> Sentence:
    """`image_front, line 2` → `front, line 2`."""
    side, *rest = text.split(", ")
    lines = (sentence("line %(number)s", number=each[5:]) if each[:5] == "line " else each for each in rest)
    return joined((SIDES.get(side, side), *lines), ", ")


def pictures_of(documents: Sequence[Document], first: int = 1) -> tuple[PictureView, ...]:
    """Every picture there is to look at; a PDF's pages each. `first` is the number of the first document on the page:
    boxes of two documents never light up together."""
    return tuple(view for number, document in enumerate(documents, first) for view in _pictures(document, number))


def _pictures(document: Document, number: int) -> Iterator[PictureView]:
    for side in document.sides:
        media_type = side.findings.media_type or ""
        pages = MOST_PAGES if media_type == DOCUMENT_TYPES[0] else 1
        for page in range(1, pages + 1):
            yield PictureView(
                label=_label(document.type, side.field, page if pages > 1 else 0),
                document_id=document.id,
                side=side.field,
                page=page,
                media_type=media_type,
                width_px=side.findings.width_px,
                height_px=side.findings.height_px,
                is_current=document.status.value == "accepted",
                boxes=tuple(
                    BoxView(box, _rule_words(box.rule), RESULTS[box.result][0])
                    for box in boxes_of(document, number, side.field, page)
                ),
            )
    yield from _portrait(document)


def _portrait(document: Document) -> Iterator[PictureView]:
    """Of the document's chip, where it was kept: to be looked at beside the picture."""
    if document.chip is not None and document.chip.has_portrait:
        yield PictureView(
            label=_label(document.type, CHIP_PORTRAIT, 0),
            document_id=document.id,
            side=CHIP_PORTRAIT,
            page=1,
            media_type="",
            width_px=None,
            height_px=None,
            is_current=document.status.value == "accepted",
            boxes=(),
        )


def _label(document_type: str, side: str, page: int) -> Sentence:
    """`identity card, front, page 2`"""
    parts = [code_words(document_type), SIDES.get(side, side)]
    return joined([*parts, sentence("page %(page)s", page=page)] if page else parts, ", ")


def hit_lines(profile: Profile, stored: StoredHit) -> tuple[HitLine, ...]:
    """Name, birth date and country of both."""
    hit = stored.hit
    name = " ".join(filter(None, (profile.first_name, profile.second_name, profile.last_name)))
    country = profile.address.country
    return (
        HitLine(N_("Name"), pieces_of(name, hit.name), pieces_of(hit.name, name), None),
        _listed(N_("Birth date"), profile.birth_date, hit.birth_dates),
        _listed(N_("Country"), country, hit.countries),
    )


def _listed(name: str, own: str | None, listed: Sequence[str]) -> HitLine:
    """A year alone agrees with a date of that year."""
    agrees = None if not own or not listed else any(own.startswith(each) or each.startswith(own) for each in listed)
    text = ", ".join(listed)
    return HitLine(name, pieces_of(own, None), pieces_of(text, None), agrees)


def facts_of(profile: Profile) -> tuple[tuple[str, str], ...]:
    """What the company gave, by the names of the API; nothing that is absent."""
    shape = dialled(profile)
    address, attributes = shape.pop("address"), shape.pop("attributes")
    if "phone" in shape:
        shape.pop("phone_country_code"), shape.pop("phone_number")
    whole: Mapping[str, object] = {**shape, **address, **attributes}
    return tuple((name, str(value)) for name, value in whole.items() if value is not None)


def can_override(details: ReviewDetails) -> bool:
    """Whether a rule stands in the way of approving that the product lets an approver set aside, and none other."""
    against = {hit.state for hit in details.hits if hit.blocks_approval}
    return bool(details.product.override) and against == {HitState.CONFIRMED}


def actions_of(details: ReviewDetails) -> tuple[str, ...]:
    """Which decisions the state of the request allows."""
    enablement = details.state.enablement
    keeps = ("approve", "override") if can_override(details) else ("approve",)
    if enablement.status is Status.IN_KYC:
        return (*keeps, "return", "reject", "reject_client")
    if enablement.status is Status.ENABLED:
        is_asked = enablement.review in (Review.CHANGE, Review.SCREENING, Review.RENEWAL)
        is_renewed = enablement.review is Review.RENEWAL and details.state.renewal is not None
        returns = ("return",) if is_renewed else ()
        return (*(keeps if is_asked else ()), *returns, "offboard", "reject_client")
    return ("reject_client",) if enablement.is_live else ()
