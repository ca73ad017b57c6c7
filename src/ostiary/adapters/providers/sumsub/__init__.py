"""Sumsub as a provider, over its public API (https://docs.sumsub.com). See docs/providers-sumsub.md."""

from ostiary.adapters.providers.sumsub.provider import Sumsub
from ostiary.adapters.providers.sumsub.settings import DOCUMENT_TYPES, SumsubSettings

__all__ = ["DOCUMENT_TYPES", "Sumsub", "SumsubSettings"]
