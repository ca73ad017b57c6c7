"""The states of a request as a drawing: boxes in fixed places, arrows from the table of transitions."""

from __future__ import annotations

from ostiary.api.reference.html import Html, joined, tag
from ostiary.domain.onboarding.enablement import TRANSITIONS, Event, Status

WIDTH, HEIGHT = 200, 44
_PLACES = {
    Status.REQUESTED: (110, 40),
    Status.PENDING_DOCUMENTATION: (110, 230),
    Status.IN_KYC: (470, 135),
    Status.ENABLED: (790, 135),
    Status.REJECTED: (470, 350),
}
_WORDS = {
    Event.SUBMITTED_COMPLETE: "submit, complete",
    Event.SUBMITTED_INCOMPLETE: "submit, incomplete",
    Event.WITHDRAWN: "withdraw",
    Event.APPROVED: "approved",
    Event.REFUSED: "refused",
    Event.RETURNED: "returned",
    Event.OFFBOARDED: "off-boarded",
}
"""What is written at arrows; a client's rejection would be at every arrow to `rejected`, and is told in the text."""
_WORDS_AT = {
    (Status.REQUESTED, Status.REJECTED): 0.2,
    (Status.PENDING_DOCUMENTATION, Status.IN_KYC): 0.72,
    (Status.IN_KYC, Status.PENDING_DOCUMENTATION): 0.72,
}
"""How far along its way the word stands, where the middle is taken."""
ASIDE_PX = 10
"""Ways in both directions lie beside each other."""


def drawing() -> Html:
    boxes = joined(_box(status, *place) for status, place in _PLACES.items())
    arrows = joined(_arrow(before, after) for before, after in ways())
    head = tag("path", d="M0 0 L10 5 L0 10 z", class_="tip")
    marker = tag(
        "marker",
        head,
        id="tip",
        viewBox="0 0 10 10",
        refX="9",
        refY="5",
        markerWidth="8",
        markerHeight="8",
        orient="auto-start-reverse",
    )
    picture = tag(
        "svg",
        tag("title", "States of a request"),
        tag("defs", marker),
        arrows,
        boxes,
        viewBox="0 0 900 385",
        role="img",
        class_="states",
    )
    return tag("div", picture, class_="wide")


def ways() -> list[tuple[Status, Status]]:
    """Every pair of different states that some event joins."""
    return list(dict.fromkeys((before, after) for (before, _), after in TRANSITIONS.items() if before is not after))


def _box(status: Status, x: int, y: int) -> Html:
    left, top = str(x - WIDTH // 2), str(y - HEIGHT // 2)
    frame = tag("rect", x=left, y=top, width=str(WIDTH), height=str(HEIGHT), rx="8", class_=f"state {status}")
    return joined((frame, tag("text", status, x=str(x), y=str(y + 5), class_="name")))


def _arrow(before: Status, after: Status) -> Html:
    both = (after, before) in ways()
    x1, y1, x2, y2 = (_side_by_side if both else _straight)(*_PLACES[before], *_PLACES[after])
    line = tag("line", x1=str(x1), y1=str(y1), x2=str(x2), y2=str(y2), marker_end="url(#tip)", class_="way")
    words = ", ".join(
        _WORDS[event]
        for (status, event), to in TRANSITIONS.items()
        if (status, to) == (before, after) and event in _WORDS
    )
    share = _WORDS_AT.get((before, after), 0.5)
    x, y = round(x1 + (x2 - x1) * share), round(y1 + (y2 - y1) * share) + 4
    return joined((line, tag("text", words, x=str(x), y=str(y), class_="word")))


def _straight(x1: int, y1: int, x2: int, y2: int) -> tuple[int, int, int, int]:
    return *_edge(x1, y1, x2, y2), *_edge(x2, y2, x1, y1)


def _side_by_side(x1: int, y1: int, x2: int, y2: int) -> tuple[int, int, int, int]:
    """Two boxes beside each other that are joined both ways."""
    right = 1 if x2 > x1 else -1
    half, aside = right * WIDTH // 2, right * ASIDE_PX
    return x1 + half, y1 + aside, x2 - half, y2 + aside


def _edge(x: int, y: int, to_x: int, to_y: int) -> tuple[int, int]:
    """Where the line from a box's middle to another point leaves the box."""
    across, down = to_x - x, to_y - y
    share = min(WIDTH / 2 / abs(across) if across else 9, HEIGHT / 2 / abs(down) if down else 9)
    return round(x + across * share), round(y + down * share)
