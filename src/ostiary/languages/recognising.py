"""Which pattern a stored English text was made by, and with what values: of a reason, its words alone are sealed.

Patterns are tried from the one with most words of its own to the one with fewest, so that a text is taken for the most
exact.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

_PLACE = re.compile(r"%\((\w+)\)s")
LEAST_OWN_CHARACTERS = 8
"""Of a pattern, beside its values: one with fewer fits too much that people write."""
LONGEST_TEXT = 1_000
"""A reason has at most half of it. Longer ones are not looked at: what somebody wrote must not take long."""
LONGEST_VALUE = 300
"""Several causes of a picture, one after another."""


@dataclass(frozen=True, slots=True)
class Recognised:
    """A pattern, and the value at each of its places, as it stands in the text."""

    pattern: str
    values: Mapping[str, str]


class Recogniser:
    """Of patterns with places `%(name)s`."""

    def __init__(self, patterns: Iterable[str]) -> None:
        with_places = {pattern: _own_characters(pattern) for pattern in patterns if _PLACE.search(pattern)}
        usable = [pattern for pattern, own in with_places.items() if own >= LEAST_OWN_CHARACTERS]
        self._expressions = [
            (pattern, _expression(pattern)) for pattern in sorted(usable, key=lambda each: -with_places[each])
        ]

    def __call__(self, text: str) -> Recognised | None:
        """How a text was made; None where no pattern fits."""
        if len(text) > LONGEST_TEXT:
            return None
        for pattern, expression in self._expressions:
            if match := expression.fullmatch(text):
                return Recognised(pattern, match.groupdict())
        return None


def _own_characters(pattern: str) -> int:
    return sum(map(str.isalpha, _PLACE.sub("", pattern)))


def _expression(pattern: str) -> re.Pattern[str]:
    """A value has no line break and is as short as can be; one that stands twice is the same twice."""
    parts = _PLACE.split(pattern)
    names, expression = set[str](), [re.escape(parts[0].replace("%%", "%"))]
    for name, after in zip(parts[1::2], parts[2::2], strict=True):
        expression.append(f"(?P={name})" if name in names else f"(?P<{name}>.{{1,{LONGEST_VALUE}}}?)")
        expression.append(re.escape(after.replace("%%", "%")))
        names.add(name)
    return re.compile("".join(expression))
