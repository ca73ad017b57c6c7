"""The wire contract, chapter by chapter, as a partner's code meets it."""
