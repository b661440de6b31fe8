"""Lint of event contracts: AsyncAPI 2.0 to 2.6, 3.0 and 3.1, and JSON Schemas that stand alone."""
