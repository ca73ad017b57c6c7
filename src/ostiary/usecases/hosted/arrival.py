"""Who comes to the page: by a link, which is only looked at, or with a session."""

from __future__ import annotations

from dataclasses import field

from ostiary.domain.clients.client import Client
from ostiary.domain.companies.company import Caller, Company
from ostiary.domain.hosted.links import LinkProblem, OnboardingLink
from ostiary.domain.hosted.sessions import HostedSession
from ostiary.domain.value import value_type

CLIENT_LEVEL = 3
"""A session may do no more than the key that made its link."""


@value_type(kw_only=True)
class LinkLook:
    """A link, or what a session came by, and why it leads nowhere (None: it does). What is not known is nobody's; of
    all others the link (the partner's own, for what was made for a phone) and the company are there, for the way
    back."""

    problem: LinkProblem | None
    link: OnboardingLink | None = None
    company: Company | None = None


@value_type
class ClientSession:
    """A good session, with the link that the partner made, whose it is, and the company."""

    session: HostedSession
    link: OnboardingLink
    client: Client
    company: Company

    @property
    def caller(self) -> Caller:
        """Who acts: on this client and the link's requests alone."""
        return Caller(self.company, self.link.actor, CLIENT_LEVEL)


@value_type
class NewHostedSession:
    """A session just begun: the only time its secret is there."""

    here: ClientSession
    token: str = field(repr=False)
