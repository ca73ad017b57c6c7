"""Whatever comes from outside, thrown at what reads it first: by properties (hypothesis) and by coverage (atheris)."""
