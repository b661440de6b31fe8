"""Schemas in one normal form (JSON Schema 2020-12 keywords), and what can be asked about two of them."""
