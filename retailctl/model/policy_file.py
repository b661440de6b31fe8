"""A rule pack as a file (policy.md section 7.2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from retailctl.model.fields import STRICT, Text, Texts, doc
from retailctl.model.finding import Severity
from retailctl.model.rule import RuleStage

EntityKind = Literal[
    "interface",
    "flow",
    "system",
    "event",
    "domain",
    "contract",
    "credential",
    "team",
    "partner",
    "process",
    "capability",
    "estate",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleCases:
    """Examples that ``retailctl policy test`` runs. An entry is an entity of the rule's kind, derived facts
    included; or ``{inventory: {...}}``, a whole inventory on which the rule must give that verdict at least once, with
    ``contracts: {path: {...}}`` and ``observed: {...}`` (what readers wrote) beside it where it needs any."""

    __pydantic_config__: ClassVar = STRICT

    violates: tuple[dict[str, Any], ...] = ()
    passes: tuple[dict[str, Any], ...] = ()
    unknown: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSpec:
    """One rule of a pack."""

    __pydantic_config__: ClassVar = STRICT

    name: Annotated[Text, doc("Short name in kebab case.", "shared-credential")]
    title: Annotated[Text | None, doc("The rule in one sentence.")] = None
    applies_to: Annotated[EntityKind, Field(alias="for", description="Kind of noun that it judges.")]
    match: Annotated[dict[str, Any] | None, doc("Equality filter applied before evaluation.")] = None
    when: Annotated[Text | None, doc("CEL expression; true = violation.")] = None
    check: Annotated[Text | None, doc("Python check that decides instead (built in, or a plug-in).")] = None
    presence: Annotated[bool, doc("An absent field of a hand-kept entry is a violation, not unknown.")] = False
    stage: RuleStage = "report"
    severity: Severity | None = None
    message: Annotated[Text | None, doc("Text with {{expression}} parts.")] = None
    locate: Annotated[Text | None, doc("Field that the finding points at.", "interface.owner")] = None
    why: Text | None = None
    fix: Text | None = None
    params: dict[str, Any] | None = None
    tags: Texts | None = None
    implements: Annotated[Text | None, doc("Catalogue rule that this one refines.")] = None
    since: Text | None = None
    tests: RuleCases | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyFile:
    """A pack: rules, and settings for rules of the packs that it extends."""

    __pydantic_config__: ClassVar = STRICT

    schema: Literal["retailctl/policy/v1"]
    name: Text | None = None
    extends: Annotated[Texts | Text | None, doc("Packs below this one.", "retailctl:standard")] = None
    severity: dict[str, Severity | Literal["off"]] | None = None
    params: dict[str, dict[str, Any]] | None = None
    rules: dict[str, RuleSpec] = Field(default_factory=dict)
