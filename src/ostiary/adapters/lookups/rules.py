"""The rules that others keep, behind one port: ISO 3166, phone plans, e-mail syntax, tax ids.

Each rule has a module of its own and imports its library on first use, so that starting stays fast. No lookup asks
the network, and none raises, whatever text it is given.
"""

from __future__ import annotations

from ostiary.adapters.lookups.countries import country_fault, state_fault
from ostiary.adapters.lookups.emails import email_fault, normal_email, sandbox_email_fault
from ostiary.adapters.lookups.phones import phone_fault
from ostiary.adapters.lookups.tax_ids import tax_id_fault
from ostiary.domain import ports


class PackagedLookups:
    """domain.ports.Lookups. Each `*_fault` is None for a good value, else what would be right."""

    country_fault = staticmethod(country_fault)
    state_fault = staticmethod(state_fault)
    email_fault = staticmethod(email_fault)
    phone_fault = staticmethod(phone_fault)
    tax_id_fault = staticmethod(tax_id_fault)
    normal_email = staticmethod(normal_email)

    @property
    def in_sandbox(self) -> ports.Lookups:
        """The rules for a company that tries things out."""
        return _SANDBOX

    def warm_up(self) -> None:
        """Import and read what is read once, so that the first client does not wait for it."""
        country_fault("ARG")
        state_fault("ARG", "ARG-B")
        email_fault("maria@example.com")
        phone_fault(54, 1168860622)
        tax_id_fault("ARG", "20-05536168-2")


class _SandboxLookups(PackagedLookups):
    email_fault = staticmethod(sandbox_email_fault)


_SANDBOX = _SandboxLookups()
