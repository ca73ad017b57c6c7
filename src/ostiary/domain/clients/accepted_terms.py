"""What a client accepted, in short: enough to say at every read whether terms are still asked for."""

from __future__ import annotations

from ostiary.domain.catalogue.terms import TermsVersion
from ostiary.domain.value import value_type


@value_type
class AcceptedTerms:
    """One acceptance, by its id. `covers` are earlier versions that requests asked for when this one was accepted
    in their place."""

    terms_id: str
    version: str
    sha256: str
    acceptance_id: str
    at_ms: int
    covers: tuple[str, ...] = ()

    def serves(self, terms: TermsVersion) -> bool:
        """Whether these terms are accepted by it: in one of their wordings, or in a later version."""
        if self.terms_id != terms.id:
            return False
        return terms.of_hash(self.sha256) is not None or terms.version in self.covers


def acceptance_of(terms: TermsVersion, accepted: tuple[AcceptedTerms, ...]) -> AcceptedTerms | None:
    """The newest acceptance that serves, if there is one. `accepted` are in the order in which they came."""
    return next((each for each in reversed(accepted) if each.serves(terms)), None)
