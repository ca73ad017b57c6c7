"""Pages as HTML: one set of templates, in which everything is escaped and nothing may be missing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from ostiary.console import words
from ostiary.console.static_files import StaticFiles
from ostiary.domain.names.visible import printable

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATES = Path(__file__).parent / "templates"


def _shown(value: object) -> object:
    """What stands on a page of a text that somebody wrote: marks that hide or reorder what is around them become
    visible. HTML that a macro made is made of such texts already."""
    return printable(value) if type(value) is str else value


class Rendering:
    """Jinja2, imported when the first page is asked for: a service whose console nobody opens goes without."""

    def __init__(self, static: StaticFiles, now_ms: Callable[[], int]) -> None:
        self._static, self._now_ms = static, now_ms

    def html(self, template: str, values: Mapping[str, object]) -> bytes:
        """A whole page, or the part of one."""
        return self._environment.get_template(template).render(**values).encode()

    @cached_property
    def _environment(self) -> Environment:
        from jinja2 import Environment, FileSystemLoader, StrictUndefined

        environment = Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            finalize=_shown,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
            cache_size=-1,
        )
        environment.filters |= {
            "moment": words.moment_words,
            "machine_moment": words.machine_moment,
            "span": words.span_words,
            "spaced": words.spaced,
        }
        environment.globals |= {"static": self._static.address, "now_ms": self._now_ms}
        return environment
