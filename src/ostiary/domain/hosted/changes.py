"""What a unit of work changes of links and of the sessions that they were exchanged for."""

from __future__ import annotations

from dataclasses import field

from ostiary.domain.hosted.brand import BrandChange
from ostiary.domain.hosted.links import OnboardingLink
from ostiary.domain.hosted.sessions import HostedSession
from ostiary.domain.value import value_type


@value_type
class AddLink:
    """A client may onboard by it."""

    link: OnboardingLink


@value_type
class ChangeLink:
    """A link as it shall be: opened, ended, told of."""

    link: OnboardingLink


@value_type
class DropLink:
    """A link is forgotten, with its sessions."""

    client_id: str
    link_id: str


@value_type
class AddHostedSession:
    """A browser came by a link."""

    session: HostedSession


@value_type
class EndHostedSession:
    """A session is over, by its mark."""

    mark: bytes = field(repr=False)


HostedChange = AddLink | ChangeLink | DropLink | AddHostedSession | EndHostedSession | BrandChange
