"""Texts of terms, which are nobody's: by their hash, once for all."""

from __future__ import annotations

from collections.abc import Mapping

from ostiary.storage.engine import BlockingConnection

TERMS_TEXT = "SELECT content FROM terms_texts WHERE sha256 = ?1"
ALL_TERMS_TEXTS = "SELECT sha256, content FROM terms_texts"
ADD_TERMS_TEXT = "INSERT INTO terms_texts VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING"


def keep_texts(aside: BlockingConnection, texts: Mapping[str, str], now_ms: int) -> None:
    """Keeps texts by their hash, before the catalogue that names them. Blocks."""
    for digest, text in texts.items():
        aside.rows(ADD_TERMS_TEXT, digest, text, now_ms)
