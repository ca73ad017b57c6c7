"""Which address a path is of: the same as by trying one pattern after the other, for any path."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from starlette.routing import Route, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from ostiary.api.operations import TABLE
from ostiary.web.paths import Paths

SERVED = sorted({operation.path for operation in TABLE} | {"/", "/docs", "/providers/{name}/documents/{token}"})
NAMES = sorted({segment for path in SERVED for segment in path.split("/")})
PATHS = st.one_of(
    st.lists(st.one_of(st.sampled_from(NAMES), st.text(max_size=3)), max_size=9).map(
        lambda every: "/" + "/".join(every)
    ),
    st.sampled_from(SERVED),
    st.text(),
)
LONG = 100_000


class Echo:
    """An application that answers with its name and what its path said."""

    def __init__(self, name: str) -> None:
        self.name = name

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": self.name, **scope["path_params"]})


def asked(app: ASGIApp, path: str) -> dict[str, Any]:
    messages: list[Any] = []

    async def keep(message: Any) -> None:
        messages.append(message)

    async def nothing() -> Any:
        raise AssertionError

    scope: Scope = {"type": "http", "path": path, "raw_path": b"", "method": "GET", "root_path": "", "path_params": {}}
    asyncio.run(app(scope, nothing, keep))  # type: ignore[arg-type]
    answer: dict[str, Any] = messages.pop()
    return answer


OURS = Paths({path: Echo(path) for path in SERVED}, Echo("unknown"))
ONE_BY_ONE = Router(
    [Route(path, Echo(path)) for path in sorted(SERVED, key=lambda path: path.count("{"))],
    redirect_slashes=False,
    default=Echo("unknown"),
)


@given(PATHS.filter(lambda path: "\n" not in path))
@example("")
@example("/management/clients/individuals/")
@example("/management/clients/individuals//products")
@example("/management/companies/webhook/deliveries/x/redeliver/")
def test_a_path_leads_where_trying_one_pattern_after_the_other_leads(path: str) -> None:
    assert asked(OURS, path) == asked(ONE_BY_ONE, path)


@pytest.mark.parametrize("path", ["/" * LONG, "/a" * LONG, SERVED[5] + "/" * LONG], ids=["slashes", "segments", "tail"])
def test_a_path_of_any_length_is_looked_at_no_further_than_ours_go(path: str) -> None:
    assert asked(OURS, path) == {"type": "unknown"}


@pytest.mark.parametrize("paths", [("/a/b/c", "/a/{id}"), ("/a/{id}", "/a/b/c")])
def test_a_name_beside_a_parameter_that_goes_on_is_refused(paths: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="same place"):
        Paths({path: Echo(path) for path in paths}, Echo("unknown"))


@pytest.mark.parametrize(("path", "leads"), [
    ("/a/b", "/a/b"), ("/a/c", "/a/{id}"), ("/a/b/x", "/a/{id}/x"), ("/a/b/y", "unknown"), ("/a/", "unknown"),
])  # fmt: skip
@pytest.mark.parametrize("order", [1, -1])
def test_a_name_that_ends_a_path_comes_before_a_parameter_in_whatever_order(path: str, leads: str, order: int) -> None:
    served = ("/a/{id}", "/a/{id}/x", "/a/b")[::order]
    assert asked(Paths({each: Echo(each) for each in served}, Echo("unknown")), path)["type"] == leads
