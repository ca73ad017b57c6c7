"""What is sealed of a message: its body, as `domain/delivery/messages.py` writes it, names and all.

What goes to a company is the documented envelope, stored as it is sent. What goes to a provider names an attempt, a
product and, once it was taken in, what the provider calls it.
"""

from __future__ import annotations

import msgspec

from ostiary.storage.stored.forms import encode

body_of = encode
open_body = msgspec.msgpack.Decoder(dict[str, object]).decode
