"""Installations made by earlier versions, kept whole: what they sealed must open for ever."""
