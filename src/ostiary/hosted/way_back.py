"""Back to the company's own pages: with the state that it wants, and nothing of how it went, which could be forged."""

from __future__ import annotations

from urllib.parse import urlencode, urlsplit, urlunsplit

from ostiary.domain.hosted.links import LinkWish


def way_back(wish: LinkWish) -> str:
    """Where the client goes when he is done or leaves; empty where there is no such page."""
    return _with_state(wish.return_url, wish.state)


def way_anew(wish: LinkWish) -> str:
    """Where he gets another link; empty where he has to ask."""
    return _with_state(wish.refresh_url or wish.return_url, wish.state)


def _with_state(url: str, state: str) -> str:
    if not url or not state:
        return url
    parts = urlsplit(url)
    query = "&".join(filter(None, (parts.query, urlencode({"state": state}))))
    return urlunsplit(parts._replace(query=query))
