"""The pages that explain the rows: read only by ``explain`` and by the documentation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from retailctl.contracts.rules.levels import SEVERITIES
from retailctl.contracts.rules.rules import ChangeRule, all_rules
from retailctl.model.rule import Rule
from retailctl.workspace.reader import parse_bytes

PACK: Final = "retailctl:contracts"
_DOCS: Final = Path(__file__).parent / "docs.yaml"
_PLACEHOLDERS: Final = {"what": "…", "in": "…", "old": "…", "new": "…"}


@dataclass(frozen=True, slots=True)
class Page:
    """What is said of the changes of one kind. ``bad`` and ``good`` are examples, before and after; ``differs`` is
    the reason where our level is not that of oasdiff."""

    why: str
    fix: str
    bad: str
    good: str
    differs: str = ""


@cache
def pages() -> Mapping[str, Page]:
    """Every page by its key (the column ``docs`` of the table)."""
    found = parse_bytes(_DOCS.name, _DOCS.read_bytes()).data
    return {str(key): Page(**{str(name): str(text) for name, text in page.items()}) for key, page in found.items()}


def title(rule: ChangeRule) -> str:
    """The message of a rule with nothing filled in, for lists of rules."""
    told = rule.text.format_map(_PLACEHOLDERS)
    return told[:1].upper() + told[1:] + ("" if told.endswith("…") else ".")


def to_model_rule(rule: ChangeRule, page: Page | None = None) -> Rule:
    """A row as the rule that reports, SARIF and ``explain`` know, named after its page.

    Without the page it says neither why nor how to fix.
    """
    words = (rule.area, rule.kind, rule.action, *((rule.direction,) if rule.direction != "none" else ()))
    return Rule(
        id=rule.id,
        name=rule.docs,
        title=title(rule),
        applies_to="contract",
        severity=SEVERITIES[rule.level] or "info",
        message=rule.text,
        why=_why(rule, page) if page else "",
        fix=page.fix if page else "",
        bad=page.bad if page else "",
        good=page.good if page else "",
        tags=("contract", *words),
        implements=f"oasdiff:{rule.id}" if rule.oasdiff != "-" else None,
        pack=PACK,
    )


def _why(rule: ChangeRule, page: Page) -> str:
    return page.why if rule.oasdiff in ("-", rule.level) else f"{page.why} {page.differs}"


def explained_rules() -> dict[str, Rule]:
    """Every row with its page, by id."""
    known = pages()
    return {rule.id: to_model_rule(rule, known[rule.docs]) for rule in all_rules().values()}
