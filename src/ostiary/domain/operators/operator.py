"""Who works with the console: operators, what they are, for which companies, and how they prove who they are."""

from __future__ import annotations

from dataclasses import field
from enum import StrEnum

from ostiary.domain.names.visible import read_alike
from ostiary.domain.sentences import N_, sentence
from ostiary.domain.value import value_type

NAME_CHARACTERS = 100
"""As of a name on the command line: both stand in audit entries, on one line."""
PASSWORD_LEAST = 12
"""NIST SP 800-63B section 3.1.1.2 asks for 15 where a password is all there is, and 8 beside another factor; there is
always a code here, and what is typed once a day may be a sentence."""
PASSWORD_MOST = 128
"""More than the 64 which the same section wants to be possible. What is longer is refused before it is hashed."""
LINK_MS = 24 * 3_600_000
"""A link that makes somebody an operator lies in a message; a day is enough to read that."""
KNOWN_ADDRESSES = 5
"""Home, office, telephone, and two more: from these somebody else's failures do not keep an operator out."""


class Role(StrEnum):
    """What an operator may do; each may do what those before it may."""

    VIEWER = "viewer"
    REVIEWER = "reviewer"
    APPROVER = "approver"
    ADMIN = "admin"


ROLES = tuple(Role)


class LinkKind(StrEnum):
    """What a one-time link does."""

    SETS_UP = "sets_up"
    """Lets its holder choose a password and an authenticator."""
    SIGNS_IN = "signs_in"
    """Signs its holder in at once: only for a sandbox's own operator."""


@value_type
class Link:
    """A one-time link: the keyed hash of its secret (in hex), and until when it holds."""

    kind: LinkKind
    secret_hash: str = field(repr=False)
    until_ms: int

    def is_good(self, now_ms: int) -> bool:
        """Not too old. One that holds longer than any is made for was made by a clock that has been set back since."""
        return now_ms < self.until_ms <= now_ms + 2 * LINK_MS


@value_type(kw_only=True)
class SavedView:
    """A view of the queue under a name. `query` is what stands in the queue's address; `is_shared`: colleagues of the
    same companies have it, too."""

    id: str
    name: str
    query: str
    is_shared: bool = False


@value_type(kw_only=True)
class Operator:
    """Somebody who works with the console. `companies` are the ids of those he works for; empty: all.

    `password_hash` is Argon2's encoded form, empty as long as none is chosen. `code_secret` is the authenticator's, in
    base32; `last_step` is the newest time step of which a code was taken. `addresses` are keyed hashes (in hex) of the
    networks of the last sign-ins. `identity` names an identity provider and its subject, where one vouches for him.
    `language` is the tag of the one that he chose to read; empty: as his browser asks for.
    `views` are those of the queue that he keeps.
    """

    id: str
    name: str
    role: Role
    companies: tuple[str, ...] = ()
    created_at_ms: int
    updated_at_ms: int
    password_hash: str = field(default="", repr=False)
    code_secret: str = field(default="", repr=False)
    last_step: int = 0
    link: Link | None = field(default=None, repr=False)
    is_disabled: bool = False
    addresses: tuple[str, ...] = ()
    identity: str = field(default="", repr=False)
    language: str = ""
    views: tuple[SavedView, ...] = field(default=(), repr=False)

    @property
    def is_set_up(self) -> bool:
        """Whether there is a password to sign in with."""
        return bool(self.password_hash)


def normal_name(name: str) -> str:
    """Names that read the same are the same, as they are in audit entries (`review.looking.same_person`): else two
    people would count as one where two are needed."""
    return read_alike(name.encode(errors="replace").decode())  # halves of letters, as of a shell, are in no name


def password_fault(password: str, name: str) -> str | None:
    """What is wrong with a password, in words that say what would be right; None when it is good.

    By NIST SP 800-63B section 3.1.1.2: length counts, and no mixture of characters is asked for.
    """
    if len(password) > PASSWORD_MOST:
        return sentence("has more than %(most)s characters", most=PASSWORD_MOST)
    if len(password) < PASSWORD_LEAST:
        return sentence(
            "must have at least %(least)s characters; a sentence is easily kept in mind", least=PASSWORD_LEAST
        )
    plain, own = normal_name(password), normal_name(name)
    if own and not plain.replace(own, "").strip(" 0123456789.-_!"):
        return N_("must not be the name")
    if len(set(plain)) < 3:
        return N_("must not be the same character again and again")
    return None


def remembers(addresses: tuple[str, ...], mark: str) -> tuple[str, ...]:
    """The networks that are known of an operator after a sign-in from one of them, the newest first."""
    return (mark, *(each for each in addresses if each != mark))[:KNOWN_ADDRESSES]
