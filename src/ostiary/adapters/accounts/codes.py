"""Codes of authenticators: time-based one-time passwords (RFC 6238), six digits of SHA-1 every 30 seconds, as every
authenticator makes them."""

from __future__ import annotations

import hmac
import re

STEP_S = 30
TOLERATED_STEPS = 1
"""A telephone's clock may be half a minute off, and typing takes time (RFC 6238 section 5.2 recommends one)."""
ISSUER = "Ostiary"
_CODE = re.compile(r"[0-9]{6}", re.ASCII)


class AuthenticatorCodes:
    """Verifies codes, and says what an authenticator is set up with."""

    def step_of(self, secret: str, code: str, now_ms: int, after_step: int) -> int | None:
        """The time step of which it is a code: of now or beside it, and after the one given. None: it is none."""
        typed = re.sub(r"\s", "", code[:20])
        if not _CODE.fullmatch(typed):
            return None
        import pyotp

        totp, now_step = pyotp.TOTP(secret), now_ms // 1000 // STEP_S
        steps = range(max(after_step + 1, now_step - TOLERATED_STEPS), now_step + TOLERATED_STEPS + 1)
        right = [step for step in steps if hmac.compare_digest(totp.generate_otp(step), typed)]
        return right[0] if right else None

    def address(self, secret: str, name: str) -> str:
        """What a QR code says to an authenticator: `otpauth://totp/...`."""
        import pyotp

        return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=ISSUER)
