"""The synchronous client, made of the asynchronous one word by word."""

from __future__ import annotations

import io
import re
import tokenize

NOTE = "Made of `asynchronous` by `make clients`: do not edit."
WORDS = {
    "AsyncClient": "Client",
    "AsyncIterator": "Iterator",
    "__aenter__": "__enter__",
    "__aexit__": "__exit__",
    "__aiter__": "__iter__",
    "aclose": "close",
    "asynchronous": "synchronous",
}
GONE = ("async", "await")


def plain(source: str) -> str:
    """The same module without `async` and `await`, with the names of plain classes."""
    tokens = []
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.NAME:
            if token.string in GONE:
                continue
            tokens.append((token.type, _word(token.string)))
        elif token.type == tokenize.STRING:
            tokens.append((token.type, _texts(token.string)))
        else:
            tokens.append((token.type, token.string))
    return _with_note(tokenize.untokenize(tokens))


def _word(word: str) -> str:
    return WORDS.get(word) or (word.removeprefix("Async") if word.startswith("Async") else word)


def _texts(text: str) -> str:
    """Docstrings: examples in them are code too."""
    text = re.sub(r"\b(?:await|async) ", "", text)
    return re.sub(r"\bAsync(?=[A-Z])", "", text)


def _with_note(source: str) -> str:
    first, quotes, rest = source.partition('"""')
    about, closing, body = rest.partition('"""')
    return f"{first}{quotes}{about.rstrip()}\n\n{NOTE}\n{closing}{body}"
