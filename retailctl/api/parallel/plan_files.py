"""A plan as a file: of which kind it is, and its problems as rows of a page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from retailctl.workspace.document import Document
from retailctl.workspace.problems import Problem


def kind_of(document: Document) -> str:
    """The kind that a plan says it is; table where it says none."""
    kind = document.data.get("kind") if isinstance(document.data, Mapping) else None
    return kind if isinstance(kind, str) else "table"


def told_problem(problem: Problem, document: Document) -> dict[str, Any]:
    """One problem, with its place."""
    place = document.locate(problem.path)
    return {"message": problem.message, "path": place.path, "line": place.line, "column": place.column,
            "hint": problem.hint}  # fmt: skip
