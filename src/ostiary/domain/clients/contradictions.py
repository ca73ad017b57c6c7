"""What spoke against who a client said to be: kept until a person decides, over every document, request and change.

Whoever holds another person's passport can retype what it says. So what was contradicted once does not pass by
machine after it was changed to fit.
"""

from __future__ import annotations

from dataclasses import field
from enum import StrEnum

from ostiary.domain.value import value_type

MOST_KEPT = 20
"""Of one client, the oldest: what was said first is what must not be forgotten, and somebody reads the list."""


class Aspect(StrEnum):
    """What of an identity was contradicted. The parts of a name are one: they move between its fields."""

    NAME = "name"
    BIRTH_DATE = "birth_date"
    NUMBER = "number"


@value_type
class Contradiction:
    """`given` is what the client was said to be then, `read` what stood against it, as far as known.

    `document_id` is where it was read. `other_client_id` is who held the number.
    """

    aspect: Aspect
    given: str = field(repr=False)
    read: str = field(repr=False)
    at_ms: int
    document_id: str = ""
    other_client_id: str = ""
