"""Field types shared by the nouns: what a value may be at the file boundary.

Every optional field defaults to ``None`` = *not declared*. An empty list is *declared as none*; the two never mean
the same to a rule (rules.md section 2).
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, Field, StringConstraints


def as_text(value: Any) -> Any:
    """The source text of a scalar: ``id: 010`` stays ``010`` and ``version: 1.10`` does not become 1.1.

    The reader hands over numbers and booleans whose spelling is not canonical with a ``text`` attribute.
    """
    if value.__class__ is str:
        return value
    text = getattr(value, "text", None)
    if text is not None:
        return text
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int | float) else value


def doc(text: str, *examples: Any) -> Any:
    """Description (and examples) of a field, for the JSON Schema that editors show."""
    return Field(description=text, examples=list(examples) or None)


STRICT = ConfigDict(extra="forbid", frozen=True)

Text = Annotated[str, BeforeValidator(as_text)]
Id = Annotated[str, BeforeValidator(as_text), StringConstraints(min_length=1, max_length=512)]
Texts = tuple[Text, ...]

Lifecycle = Literal["planned", "active", "deprecated", "retiring", "retired"]
Layer = Literal["system_api", "orchestration", "event_distribution", "channel", "analytics", "business", "integration"]
Mode = Literal["sync", "async", "batch", "poll"]
Pattern = Literal["rest", "webhook", "event", "command", "file", "edi", "db", "rpc", "ui"]
Criticality = Literal["A", "B", "C"]
Latency = Literal["real_time", "near_real_time", "minutes", "hours", "daily"]
Disposition = Literal["retain", "retire", "replace", "consolidate", "rehost", "undecided"]
Stage = Literal["off", "dual_write", "shadow", "live", "ramp_down", "complete"]
Direction = Literal["in", "out", "both"]
Operation = Literal["read", "create", "update", "approve", "delete"]
EventKind = Literal["fact", "command"]
SightingKind = Literal["runtime", "configuration", "contract", "register", "answer", "catalog", "guess"]
