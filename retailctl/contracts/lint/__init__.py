"""Lint of OpenAPI and Swagger documents: facts with a place, and a table that says how serious each one is."""

from retailctl.contracts.lint.facts import LintFact
from retailctl.contracts.lint.run import lint
from retailctl.contracts.lint.table import LintRow, message, rows

__all__ = ["LintFact", "LintRow", "lint", "message", "rows"]
