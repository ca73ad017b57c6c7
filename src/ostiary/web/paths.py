"""Which address a request is for: by the segments of its path, in as many steps as there are segments.

Paths count as they were sent. Ours need no escapes, so one with an escape is another address: a proxy that lets
`/management` through by its letters would not know `/%6Danagement`, nor see what `%2F` divides.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from starlette.types import ASGIApp, Receive, Scope, Send


@dataclass(frozen=True, slots=True)
class Branch:
    """All addresses below a first segment, as `/console`: those there are, and what answers for every other."""

    prefix: str
    served: Mapping[str, ASGIApp]
    unknown: ASGIApp


def beyond(branches: Sequence[Branch], otherwise: ASGIApp) -> ASGIApp:
    """What answers for paths that are none: the branch that they would be of, or `otherwise`."""

    async def unknown(scope: Scope, receive: Receive, send: Send) -> None:
        for branch in branches:
            if scope["path"] == branch.prefix or scope["path"].startswith(f"{branch.prefix}/"):
                await branch.unknown(scope, receive, send)
                return
        await otherwise(scope, receive, send)

    return unknown if branches else otherwise


@dataclass(slots=True)
class _Place:
    """What is at a path, and what goes on from it: by a segment's name, or with whatever is there as a parameter."""

    app: ASGIApp | None = None
    parameters: tuple[str, ...] = ()
    named: dict[str, _Place] = field(default_factory=dict)
    any: _Place | None = None

    @property
    def goes_on(self) -> bool:
        return bool(self.named) or self.any is not None


class Paths:
    """Applications by their paths, of which a segment may be a parameter, as in `/clients/{clientId}`; `unknown` has
    all others. Parameters are never empty, and are in the scope as `path_params`.

    A name that ends a path comes before a parameter in the same place, since no id is a word of ours. Raises ValueError
    where a path goes on behind such a name: which is meant would depend on what follows.
    """

    def __init__(self, served: Mapping[str, ASGIApp], unknown: ASGIApp) -> None:
        self._root, self._unknown = _Place(), unknown
        self._most_segments = max(path.count("/") for path in served) + 1
        for path, app in served.items():
            self._add(path, app)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        path = scope["path"]
        if b"%" in scope["raw_path"]:
            path = scope["path"] = scope["raw_path"].decode("latin-1")
        app, scope["path_params"] = self.find(path)
        await app(scope, receive, send)

    def find(self, path: str) -> tuple[ASGIApp, dict[str, str]]:
        """What serves a path, and its parameters by name."""
        place, values = self._root, list[str]()
        segments = path.split("/", self._most_segments)  # one more than any of ours has, however many came
        for number, segment in enumerate(segments, 1):
            further = place.named.get(segment)
            if further is None or (place.any is not None and number < len(segments)):
                further = place.any
                if further is None or not segment:
                    return self._unknown, {}
                values.append(segment)
            place = further
        if place.app is None:
            return self._unknown, {}
        return place.app, dict(zip(place.parameters, values, strict=True))

    def _add(self, path: str, app: ASGIApp) -> None:
        place, parameters, segments = self._root, list[str](), path.split("/")
        for number, segment in enumerate(segments, 1):
            if segment[:1] == "{" and segment[-1:] == "}":
                parameters.append(segment[1:-1])
                place.any = place.any or _Place()
                further = place.any
            else:
                further = place.named.setdefault(segment, _Place())
            is_beyond = number < len(segments) and further is not place.any
            if place.any is not None and (is_beyond or any(each.goes_on for each in place.named.values())):
                raise ValueError(f"{path}: a name and a parameter are in the same place")
            place = further
        place.app, place.parameters = app, tuple(parameters)
