"""Pages as HTML: one set of templates, in which everything is escaped and nothing may be missing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ostiary.domain.names.visible import printable
from ostiary.domain.times import format_timestamp
from ostiary.html.static_files import StaticFiles
from ostiary.languages.choosing import ENGLISH
from ostiary.languages.language import Language, Languages

if TYPE_CHECKING:
    from jinja2 import Environment
    from jinja2.bccache import Bucket
    from markupsafe import Markup


def _shown(value: object) -> object:
    """What stands on a page of a text that somebody wrote: marks that hide or reorder what is around them become
    visible. HTML that a macro made is made of such texts already."""
    return printable(value) if type(value) is str else value


class Rendering:
    """The templates of a folder, by Jinja2, imported when the first page is asked for: a service whose pages nobody
    opens goes without.

    Each language that is read has an environment of its own, in which texts and filters speak it; what the templates
    compile to is the same for all, and shared.
    """

    def __init__(self, templates: Path, static: StaticFiles, languages: Languages, now_ms: Callable[[], int]) -> None:
        self._templates = templates
        self._static, self._languages, self._now_ms = static, languages, now_ms
        self._environments: dict[str, Environment] = {}
        self._compiled: dict[str, object] = {}

    def html(self, template: str, values: Mapping[str, object], language: Language) -> bytes:
        """A whole page, or the part of one."""
        environment = self._environments.get(language.tag) or self._environment(language)
        return environment.get_template(template).render(**values).encode()

    def _environment(self, language: Language) -> Environment:
        from jinja2 import BytecodeCache, Environment, FileSystemLoader, StrictUndefined

        compiled = self._compiled

        class Compiled(BytecodeCache):
            """In memory: the code of a template, for the other languages."""

            def load_bytecode(self, bucket: Bucket) -> None:
                bucket.code = compiled.get(bucket.key)  # type: ignore[assignment]

            def dump_bytecode(self, bucket: Bucket) -> None:
                compiled[bucket.key] = bucket.code

        environment = Environment(
            loader=FileSystemLoader(self._templates),
            autoescape=True,
            undefined=StrictUndefined,
            finalize=_shown,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
            cache_size=-1,
            bytecode_cache=Compiled(),
            extensions=("jinja2.ext.i18n",),
        )
        environment.policies["ext.i18n.trimmed"] = True
        environment.newstyle_gettext = True  # type: ignore[attr-defined]
        environment.filters |= _filters(language)
        environment.globals |= {
            "static": self._static.address,
            "now_ms": self._now_ms,
            "language": language,
            "languages": self._languages.every(),
            "_": language.gettext,
            "gettext": partial(_marked_up, language),
            "ngettext": partial(_counted, language),
        }
        self._environments[language.tag] = environment
        return environment


def machine_moment(moment_ms: int) -> str:
    """A moment for an element `time` (HTML Living Standard 4.5.14), with its zone."""
    return f"{format_timestamp(moment_ms)}Z"


def spaced(language: Language, word: str) -> str:
    """A code as words: `in_kyc` → `in kyc`, or what that is in another language."""
    return language.pattern(word.replace("_", " "))


def _filters(language: Language) -> dict[str, Callable[..., object]]:
    """What templates do with values, in a language."""
    return {
        "machine_moment": machine_moment,
        "spaced": partial(spaced, language),
        "translated": language.translated,
        "named": language.named,
        "worded": partial(_worded, language),
        "retold": partial(_retold, language),
        "moment": language.moment,
        "dated": language.second,
        "day": language.day,
        "span": language.span,
        "number": language.number,
        "decimal": language.decimal,
        "percent": language.percent,
    }


def _worded(language: Language, text: str) -> object:
    """A text that may be there in English alone, as some refusals of the API are: then it says so to who reads it out
    (WCAG 2.2, 3.1.2)."""
    if not text or language.knows(text):
        return language.translated(text)
    return _filled('<span lang="en">%(text)s</span>', {"text": str(text)})


def _retold(language: Language, text: str) -> object:
    """A text that was stored, or made in English: in the reader's language where its pattern is found again."""
    words = language.retold(text)
    is_english = language.tag != ENGLISH and words == text and not language.knows(text)
    return _filled('<span lang="en">%(text)s</span>', {"text": str(text)}) if is_english and text else words


def _marked_up(language: Language, text: str, /, **values: object) -> Markup:
    """Text of ours between `trans` and `endtrans`, which may have HTML in it; what is put into it is escaped."""
    return _filled(language.pattern(text), language.values(values))


def _counted(language: Language, singular: str, plural: str, count: int, /, **values: object) -> Markup:
    pattern = language.plural_pattern(singular, plural, count)
    return _filled(pattern, language.values({"num": count, **values}))


def _filled(pattern: str, values: Mapping[str, object]) -> Markup:
    from markupsafe import Markup

    return Markup(pattern) % {name: _shown(value) for name, value in values.items()}  # noqa: S704 (a text of ours)
