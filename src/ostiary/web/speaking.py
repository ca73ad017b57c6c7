"""In which language a call is answered: what its header `Accept-Language` asks for (RFC 9110 section 12.5.4).

English answers are as they are without the header, to the byte.
"""

from __future__ import annotations

from collections.abc import Mapping

from ostiary.languages.speech import IN_ENGLISH, Speech, speech_for

_VARY = (b"vary", b"accept-language")


def speech_of(headers: Mapping[bytes, bytes]) -> Speech:
    """What the caller asks for, in what answers can be said in."""
    accepted = headers.get(b"accept-language")
    return IN_ENGLISH if accepted is None else speech_for(accepted)


def spoken_headers(speech: Speech) -> list[tuple[bytes, bytes]]:
    """What says that an answer is in another language than English, and that another header would get another one."""
    return [] if speech is IN_ENGLISH else [(b"content-language", speech.tag.encode()), _VARY]
