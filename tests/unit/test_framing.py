"""Which origins may be listed: exact ones, over https."""

from __future__ import annotations

import pytest

from ostiary.domain.hosted.framing import MOST_ORIGINS, origins_problem

GOOD = ("https://shop.example", "https://shop.example:8443", "https://a-b.c1.example", "https://xn--bcher-kva.example")
BAD = (
    "shop.example", "https://", "https://shop.example/", "https://*.example", "*", "https:", "'self'", "null",
    "https://shop.example; script-src *", "https://shop.example https://b.example", "https://a@shop.example",
    "https://shop.example:0", "https://-a.example", "https://a..example", "https://a.example?x", "https://a.example\n",
    "HTTPS://shop.example", f"https://{'a.' * 127}example", "data:", "https://bücher.example", "https://",
)  # fmt: skip
LOCAL = ("http://localhost:3000", "http://127.0.0.1", "http://localhost")


@pytest.mark.parametrize("is_sandbox", [False, True])
def test_exact_origins_over_https_are_good(is_sandbox: bool) -> None:
    assert origins_problem(GOOD, is_sandbox=is_sandbox) is None
    assert origins_problem((), is_sandbox=is_sandbox) is None


@pytest.mark.parametrize("origin", [*BAD, "http://shop.example", "http://localhost.example", "http://10.0.0.1"])
def test_whatever_else_is_refused(origin: str) -> None:
    for is_sandbox in (False, True):
        assert "without a path or *" in (origins_problem((origin,), is_sandbox=is_sandbox) or "")


@pytest.mark.parametrize("origin", LOCAL)
def test_a_page_of_this_machine_will_do_in_a_sandbox_alone(origin: str) -> None:
    assert origins_problem((origin,), is_sandbox=True) is None
    assert origins_problem((origin,), is_sandbox=False)


def test_there_are_not_too_many_nor_any_twice() -> None:
    many = tuple(f"https://{number}.example" for number in range(MOST_ORIGINS + 1))
    assert origins_problem(many[1:], is_sandbox=False) is None
    assert origins_problem(many, is_sandbox=False) == "must have at most 10 origins"
    assert origins_problem((GOOD[0], GOOD[0]), is_sandbox=False) == "must name each origin once"
