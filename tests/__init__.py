"""Tests: unit, adapters, storage, use cases, whole services."""
