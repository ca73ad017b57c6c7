"""The console's cookies: the session, a random text that ties a form to a browser while nobody is signed in, and what
a browser holds that is on its way to an identity provider and back."""

from __future__ import annotations

SESSION, FORM, WAY = "ostiary_session", "ostiary_form", "ostiary_way"
WAY_S = 600
"""How long somebody may take at the identity provider: a password, a second factor, and a telephone looked for."""
