"""A unit of work as a value: an owner and the changes around it, applied wholly or not at all.

Reads happen first, the domain decides, and what comes out is a `Unit`. Its writes are guarded by the versions of
what was judged: the client's row is the lock for everything of the client, the company's for its settings. A
guard that does not hold any more gives the name of the guard back, nothing is written, and the use case decides
again on fresh reads.

Each kind of change is a class, written by the module of `storage/tables` that has its rows. In which order kinds are
written is storage's affair; changes of one kind are written in the order in which they stand.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

from ostiary.domain.audit.trail import Note
from ostiary.domain.catalogue_changes.effects import MoveEnablement
from ostiary.domain.catalogue_changes.publications import PublicationChange
from ostiary.domain.clients.client import Client, Profile
from ostiary.domain.clients.marks import MoveMark
from ostiary.domain.companies.company import ApiKey, Company
from ostiary.domain.delivery.messages import Attempt, Message, MessageOutcome
from ostiary.domain.delivery.queues import WEBHOOK_QUEUE, Health
from ostiary.domain.documents.chip_kept import ChipChange
from ostiary.domain.documents.document import Document
from ostiary.domain.hosted.changes import HostedChange
from ostiary.domain.imports.bulk import ImportChange
from ostiary.domain.onboarding.enablement import Enablement
from ostiary.domain.operators.changes import OperatorChange
from ostiary.domain.privacy.erasure import ErasureChange
from ostiary.domain.privacy.holds import HoldChange
from ostiary.domain.renewals.changes import RenewalChange
from ostiary.domain.review.approvals import AddApproval, DropApproval
from ostiary.domain.review.remarks import Remark
from ostiary.domain.screening.hits import HitState, ScreeningRun
from ostiary.domain.screening.subject import Hit
from ostiary.domain.terms.acceptance import AddAcceptance
from ostiary.domain.value import replace, value_type

C = TypeVar("C")


class Guard(StrEnum):
    """What can have moved between the read and the write."""

    CLIENT = "client"
    COMPANY = "company"
    EMAIL = "email"
    PRODUCT = "product"
    ERASURE = "erasure"
    NUMBER = "number"
    IDEMPOTENCY = "idempotency"
    LEASE = "lease"
    MESSAGE = "message"
    TESTS = "tests"
    IMPORT = "import"
    KEYS = "keys"


# ---- companies ------------------------------------------------------------------------------------------------------


@value_type
class AddKey:
    """A new API key."""

    key: ApiKey


@value_type
class ChangeKey:
    """Which networks a key is for, and until when it holds."""

    key: ApiKey


# ---- clients and their requests -------------------------------------------------------------------------------------


@value_type
class KeepProfile:
    """What the client was before this change of details."""

    profile: Profile


@value_type
class AddRemark:
    """What somebody noted with a decision."""

    remark: Remark


@value_type
class AddEnablement:
    """A product is requested."""

    enablement: Enablement


@value_type
class ChangeEnablement:
    """A request moves."""

    enablement: Enablement


# ---- documents ------------------------------------------------------------------------------------------------------


@value_type
class AddDocument:
    """A document with its pictures, which were stored before."""

    document: Document


@value_type
class ChangeDocument:
    """A document's status. One that is replaced gives its number up."""

    document: Document


@value_type
class KeepReading:
    """Only what was read and judged of a document."""

    document: Document


@value_type
class AddLikeness:
    """A band of a picture's likeness, by which it is found again."""

    band: bytes
    document_id: str


@value_type
class ClaimNumber:
    """A document's number serves its client, and nobody else."""

    number_key: str
    document_id: str


@value_type
class ContestNumber:
    """A document with this number spoke against who its client said to be."""

    number_key: str
    document_id: str


@value_type
class ReleaseNumber:
    """Whatever number a document claimed is free."""

    document_id: str


@value_type
class RefusePicture:
    """A picture that is refused for itself, by its keyed hash in hex."""

    picture_mark: str


# ---- screening ------------------------------------------------------------------------------------------------------


@value_type
class AddHit:
    """An entry of a list that may be the client."""

    hit: Hit


@value_type
class DecideHit:
    """What was decided of a hit, by its key."""

    key: str
    state: HitState


@value_type
class KeepScreening:
    """When and against what the client was screened last."""

    run: ScreeningRun


# ---- messages -------------------------------------------------------------------------------------------------------


@value_type
class AddMessage:
    """A message that waits. `is_test`: only where there is room for one more test event."""

    message: Message
    is_test: bool = False


@value_type
class Redeliver:
    """A message that is due again. `is_test`: only where there is room for one more test event."""

    message_id: str
    is_test: bool = False


@dataclass(frozen=True, slots=True)
class ReopenWebhook:
    """The company's endpoint is enabled again, without a history, and what waits for it is due."""


@value_type
class MessageResult:
    """How a claimed message stands after a try, said by the holder of its lease.

    `due_at_ms` is when it is tried again while pending. `wakes_others`, beside `health`: what waits for the same
    receiver is woken. `is_counted` false: nothing was tried, and the try that the claim counted is taken back. `health`
    is what is thought of the receiver from now on; None leaves it.
    """

    message_id: str
    lease: str
    outcome: MessageOutcome
    due_at_ms: int = 0
    wakes_others: bool = False
    queue: str = WEBHOOK_QUEUE
    attempt: Attempt | None = None
    is_counted: bool = True
    health: Health | None = None


# ---- answers --------------------------------------------------------------------------------------------------------


@value_type
class StoredResponse:
    """The answer of a call under an idempotency key, kept with its effect. `lease` proves the key is still ours.
    `client_id` is whom the call was about, if it named somebody."""

    mark: bytes
    lease: str
    status: int
    body: bytes = field(repr=False)
    client_id: str = ""


Change = (
    AddKey
    | ChangeKey
    | KeepProfile
    | AddRemark
    | AddEnablement
    | ChangeEnablement
    | AddDocument
    | ChangeDocument
    | KeepReading
    | AddLikeness
    | ClaimNumber
    | ContestNumber
    | ReleaseNumber
    | MoveMark
    | RefusePicture
    | ChipChange
    | AddHit
    | DecideHit
    | KeepScreening
    | AddAcceptance
    | AddMessage
    | Redeliver
    | ReopenWebhook
    | MessageResult
    | OperatorChange
    | HostedChange
    | RenewalChange
    | ImportChange
    | PublicationChange
    | MoveEnablement
    | ErasureChange
    | HoldChange
    | AddApproval
    | DropApproval
    | StoredResponse
)


class OwnerWrite(StrEnum):
    """What is written of a client that owns a unit, besides the end of its audit chain."""

    TOUCH = "touch"
    """Its status and its next version."""
    DETAILS = "details"
    """The profile, refusals and contradictions as well."""
    ADD = "add"
    """All of it: there was none."""
    ERASE = "erase"
    """Nothing is left of it but its id, its chain, and a data key that opens nothing of before."""


@value_type
class Unit:
    """Writes that belong together.

    `owner` is as it shall be, with the version that was read: the client, or the company (one of version 0 is new), of
    whom the changes are. `notes` go on its audit chain. Without an owner nothing is locked: what is written then has
    guards of its own.
    """

    company_id: str
    at_ms: int
    owner: Client | Company | None = None
    changes: tuple[Change, ...] = ()
    notes: tuple[Note, ...] = ()
    owner_write: OwnerWrite = OwnerWrite.TOUCH

    @property
    def client(self) -> Client | None:
        """The owner, if it is a client."""
        return self.owner if isinstance(self.owner, Client) else None

    @property
    def company(self) -> Company | None:
        """The owner, if it is the company."""
        return self.owner if isinstance(self.owner, Company) else None

    def of(self, kind: type[C]) -> tuple[C, ...]:
        """The changes of one kind."""
        return tuple(change for change in self.changes if type(change) is kind)

    def plus(self, *changes: Change) -> Unit:
        """The same with more changes."""
        return replace(self, changes=(*self.changes, *changes)) if changes else self


def details_if(is_changed: bool) -> OwnerWrite:
    """What is written of a client that changed, or did not, beside its status."""
    return OwnerWrite.DETAILS if is_changed else OwnerWrite.TOUCH


def ending(settled: MessageResult | None) -> tuple[MessageResult, ...]:
    """The change that ends the message which asked for a unit, if one did."""
    return () if settled is None else (settled,)
