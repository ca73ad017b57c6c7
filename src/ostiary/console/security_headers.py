"""The headers of every answer of the console."""

from __future__ import annotations

from ostiary.html.security_headers import security_headers

SECURITY_HEADERS = security_headers()
CONTENT_SECURITY_POLICY = dict(SECURITY_HEADERS)[b"content-security-policy"]
