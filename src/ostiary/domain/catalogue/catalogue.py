"""The products and what they ask for, as declared: frozen values, no reading of files.

Names and descriptions are English, and remember what they are in other languages (`texts.py`).

A catalogue is pinned by its version (a hash of what it declares), so a request is judged to its end by the
catalogue it was made under. Conditions arrive compiled; here they are values that can be asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

from ostiary.domain.catalogue.chip_wish import NO_CHIP, ChipWish
from ostiary.domain.catalogue.renewal_rules import NO_RENEWALS, RenewalRules
from ostiary.domain.catalogue.risk_classes import SCREENING, RiskClass
from ostiary.domain.catalogue.starts import Start
from ostiary.domain.catalogue.terms import AT_ONCE, TermsVersion
from ostiary.domain.mrz.zone import Format
from ostiary.domain.sentences import sentence


class DataType(StrEnum):
    """The type of a datum, as published to partners."""

    STRING = "STRING"
    INTEGER = "INTEGER"
    DECIMAL = "DECIMAL"
    BOOLEAN = "BOOLEAN"
    DATE = "DATE"
    PHONE = "PHONE"
    EMAIL = "EMAIL"
    COUNTRY = "COUNTRY"
    ENUM = "ENUM"
    TAX_ID = "TAX_ID"


@dataclass(frozen=True, slots=True)
class Field:
    """The declaration of one datum: an attribute of a client or a detail (metadata) of a document.

    Lengths are in characters after trimming; `pattern` is matched against the whole trimmed text. `option_names` are
    what people call the options, in their order; empty where nobody says so.
    """

    id: str
    name: str
    data_type: DataType
    required: bool = True
    description: str = ""
    pattern: str | None = None
    min_length: int | None = None
    max_length: int | None = None
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    options: tuple[str, ...] = ()
    option_names: tuple[str, ...] = ()

    def option_name(self, option: str) -> str:
        """What people call one of the options; without a name, its words."""
        names = dict(zip(self.options, self.option_names, strict=False))
        return names.get(option) or option.replace("_", " ")


@dataclass(frozen=True, slots=True)
class Condition:
    """When something applies: a compiled expression over the client.

    `attributes` are the variables it reads. `holds` raises errors.ConditionFailed when evaluation goes wrong. `partly`
    says whether it holds as far as these values decide that, whatever the others are; None where they do not.
    """

    text: str
    attributes: frozenset[str]
    holds: Callable[[Mapping[str, object]], bool] = field(compare=False, repr=False)
    partly: Callable[[Mapping[str, object]], bool | None] = field(
        default=lambda values: None, compare=False, repr=False
    )


USUAL_SEAL_DAYS = 92
"""Three months, whichever they are: what is asked of a bill nearly everywhere."""


class SealUse(StrEnum):
    """Whether a seal on the paper is looked for. `optional`: one that agrees makes a person's look needless; a paper
    without is shown to a person."""

    NONE = "none"
    OPTIONAL = "optional"


@dataclass(frozen=True, slots=True)
class DocumentType:
    """A kind of document. `unique`: its country | type | number may serve one client of a company only.

    `issuing_countries` (ISO 3166-1 alpha-3) limits who may have issued it; empty means anyone. `machine_readable` are
    the forms that such a document may carry, empty for one that no machine reads; `always_machine_readable` says that
    every one carries it, so that a picture without is sent back rather than shown to a person. `document_codes` are the
    codes that may stand first on its lines, without fillers (`P`, `PP`); empty means any. `seal`: whether a signed seal
    on the paper (2D-Doc) is looked for, and `seal_days` how old a sealed document may be. `chip` is what is asked of
    the chip that such a document may have.
    """

    id: str
    name: str
    description: str
    require_back_image: bool = False
    unique: bool = False
    issuing_countries: frozenset[str] = frozenset()
    metadata: tuple[Field, ...] = ()
    machine_readable: frozenset[Format] = frozenset()
    always_machine_readable: bool = False
    document_codes: frozenset[str] = frozenset()
    seal: SealUse = SealUse.NONE
    seal_days: int = USUAL_SEAL_DAYS
    chip: ChipWish = NO_CHIP


@dataclass(frozen=True, slots=True)
class Alternative:
    """One of the documents that can satisfy a requirement, and for whom."""

    document_type: DocumentType
    condition: Condition | None = None
    start: Start | None = None


@dataclass(frozen=True, slots=True)
class DocumentRequirement:
    """Asks for one of several documents."""

    id: str
    name: str
    description: str
    alternatives: tuple[Alternative, ...]
    condition: Condition | None = None
    start: Start | None = None

    def accepts(self, document_type: str) -> bool:
        return any(alternative.document_type.id == document_type for alternative in self.alternatives)


@dataclass(frozen=True, slots=True)
class DataField:
    """One attribute a data requirement asks for. `key` is what partners see (`phone`, `occupation`)."""

    key: str
    field: Field
    condition: Condition | None = None
    start: Start | None = None


@dataclass(frozen=True, slots=True)
class DataRequirement:
    """Asks for a group of attributes of the client."""

    id: str
    name: str
    description: str
    fields: tuple[DataField, ...]
    condition: Condition | None = None
    start: Start | None = None


@dataclass(frozen=True, slots=True)
class TermsRequirement:
    """Asks for the acceptance of terms.

    `binds_from`, where a request is pinned to an earlier version than that of `terms`: from that day on these count,
    and until then `instead_of`, if there was any.
    """

    terms: TermsVersion
    condition: Condition | None = None
    binds_from: date | None = None
    instead_of: TermsRequirement | None = None

    def counting_on(self, day: date) -> TermsRequirement | None:
        """What is asked on a day; None: nothing yet."""
        return self if self.binds_from is None or self.binds_from <= day else self.instead_of

    @property
    def bound(self) -> TermsRequirement:
        """As it is asked for once its day is there."""
        return replace(self, binds_from=None, instead_of=None)

    def every(self) -> Iterator[TermsVersion]:
        """These terms, and those which they take the place of."""
        yield self.terms
        if self.instead_of is not None:
            yield from self.instead_of.every()


class Policy(StrEnum):
    """What the built-in provider may decide by itself, from what it reads on the documents.

    `auto`: what passes is enabled. `proven`: what passes and a chip proves; a person confirms what else passes.
    `assisted`: a person confirms what passes. These send back what the client can mend. `manual`: a person decides
    everything.
    """

    AUTO = "auto"
    PROVEN = "proven"
    ASSISTED = "assisted"
    MANUAL = "manual"


class Eyes(StrEnum):
    """A kind of decision for which a product may ask for a second person, before it takes effect.

    `approve_with_hit`: of a client of whom there is a hit, whatever was decided of it. `approve_against_doubt`:
    although a reason stands against it. `release_number`: whatever is decided of a document's number. `override`:
    although a rule forbids it.
    """

    APPROVE = "approve"
    APPROVE_WITH_HIT = "approve_with_hit"
    APPROVE_AGAINST_DOUBT = "approve_against_doubt"
    OVERRIDE = "override"
    REJECT = "reject"
    RETURN = "return"
    OFFBOARD = "offboard"
    REJECT_CLIENT = "reject_client"
    CLEAR_HIT = "clear_hit"
    RELEASE_NUMBER = "release_number"


class Override(StrEnum):
    """A rule that a product lets an approver set aside. `confirmed_hit`: nobody is approved beside one."""

    CONFIRMED_HIT = "confirmed_hit"


@dataclass(frozen=True, slots=True)
class Product:
    """What can be enabled for a client. `minimum_age` is in completed years. `four_eyes` are the kinds of decisions
    that need two people, `override` the rules that an approver may set aside, `renewal` when it is due again, `needs`
    the products that have to be enabled before. Products of one `family` are levels of the same: who has a `level` has
    those below it; without a family the level is 0."""

    id: str
    name: str
    description: str
    documents: tuple[DocumentRequirement, ...] = ()
    data: tuple[DataRequirement, ...] = ()
    minimum_age: int | None = None
    policy: Policy = Policy.ASSISTED
    provider: str = ""
    four_eyes: frozenset[Eyes] = frozenset()
    override: frozenset[Override] = frozenset()
    renewal: RenewalRules = NO_RENEWALS
    needs: tuple[str, ...] = ()
    terms: tuple[TermsRequirement, ...] = ()
    family: str = ""
    level: int = 0
    changes_on: tuple[date, ...] = field(default=(), init=False, compare=False, repr=False)
    """The days on which an entry starts, or terms begin to bind who asked before, soonest first: empty for nearly every
    product, which is quickly seen. Terms that bind at once have no day."""

    is_conditional: bool = field(default=False, init=False, compare=False, repr=False)
    """Whether a condition decides what is asked for of documents and data: of few products one does."""

    def __post_init__(self) -> None:
        conditions = [each.condition for each in self.documents] + [each.condition for each in self.data]
        conditions += [part.condition for each in self.documents for part in each.alternatives]
        conditions += [part.condition for each in self.data for part in each.fields]
        object.__setattr__(self, "is_conditional", any(each is not None for each in conditions))
        starts = [each.start for each in self.documents] + [each.start for each in self.data]
        starts += [part.start for each in self.documents for part in each.alternatives]
        starts += [part.start for each in self.data for part in each.fields]
        binding = {each.binds_from for each in self.terms if each.binds_from is not None} - {AT_ONCE}
        if binding or any(starts):
            days = {each.day for each in starts if each is not None}
            object.__setattr__(self, "changes_on", tuple(sorted(days | binding)))

    def counts_as(self, other: Product) -> bool:
        """Whether who has this product has the other with it: the same, or a lower level of its family."""
        return self.id == other.id or self.is_above(other)

    def is_above(self, other: Product) -> bool:
        """Whether it is a higher level of the same family."""
        return bool(self.family) and self.family == other.family and self.level > other.level

    def document_types(self) -> Iterator[DocumentType]:
        for requirement in self.documents:
            for alternative in requirement.alternatives:
                yield alternative.document_type

    def requirement_for(self, document_type: str) -> DocumentRequirement | None:
        """The one requirement that a type serves (a type may serve only one of a product)."""
        return next((requirement for requirement in self.documents if requirement.accepts(document_type)), None)


@dataclass(frozen=True, slots=True)
class RiskRule:
    """A client for whom `condition` holds has at least this class. `name` says why, for operators."""

    risk_class: RiskClass
    name: str
    condition: Condition

    @property
    def reads_lists(self) -> bool:
        """Whether it shows what a list says of the client, which is for operators alone."""
        return SCREENING in self.condition.attributes


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Everything declared in one version. `attributes` are those beyond what every client has. `texts` are those of
    terms by their SHA-256, as far as they were read with it: what is kept is read from the database."""

    version: str
    source: str = field(compare=False, repr=False)
    products: Mapping[str, Product]
    attributes: Mapping[str, Field]
    document_types: Mapping[str, DocumentType]
    risk: tuple[RiskRule, ...] = ()
    terms: Mapping[str, TermsVersion] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)


BUILT_IN_ATTRIBUTES: Mapping[str, Field] = {
    "second_name": Field("second_name", sentence("Second name"), DataType.STRING),
    "phone": Field("phone", sentence("Phone"), DataType.PHONE),
    "state": Field("state", sentence("State or province"), DataType.STRING),
    "postal_code": Field("postal_code", sentence("Postal code"), DataType.STRING),
}
"""Optional attributes that every client may have; requirements may ask for them without declaring them."""

CONDITION_VARIABLES: Mapping[str, DataType] = {
    "country": DataType.COUNTRY,
    "age": DataType.INTEGER,
    "state": DataType.STRING,
}
"""What conditions can read besides declared attributes: country of residence, completed years, subdivision."""
