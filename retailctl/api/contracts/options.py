"""What a caller may say about a comparison of contracts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Literal

from retailctl.api.options import AuditOptions
from retailctl.model.compatibility import Category, Compatibility

Profile = Literal["retailctl", "oasdiff"]
ContentModel = Literal["declared", "all", "lenient", "strict"]
"""``lenient`` and ``strict`` are what registries call ``declared`` and ``all``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractOptions:
    """``run`` are the options of every command that judges. ``against`` is a revision of git, or the version of a
    contract. ``severity_levels`` is a file of levels by rule id, ``levels`` single ones on top of it. The contract
    itself may say ``content_model``, ``mode`` (of events and schemas) and ``category`` (of Protobuf) where they are
    None. ``allow_remote_refs`` are hosts that references may be fetched from, ``offline`` forbids all of them.
    ``stdin`` reads at most so many bytes of the document that a file name ``-`` stands for; it is asked once."""

    run: AuditOptions = field(default_factory=AuditOptions)
    against: str | None = None
    profile: Profile = "retailctl"
    severity_levels: Path | None = None
    levels: Mapping[str, str] = field(default_factory=dict)
    content_model: ContentModel | None = None
    mode: Compatibility | None = None
    category: Category | None = None
    days_stable: int = 0
    days_beta: int = 0
    stability: str = ""
    match_path: str = ""
    unmatch_path: str = ""
    strip_prefix_base: str = ""
    strip_prefix_revision: str = ""
    prefix_base: str = ""
    prefix_revision: str = ""
    strict: bool = False
    contracts: tuple[str, ...] = ()
    witnesses: bool = True
    allow_remote_refs: tuple[str, ...] = ()
    offline: bool = False
    stdin: Callable[[int], bytes] | None = None
    stdin_name: str = "stdin.yaml"


def today(options: ContractOptions) -> date:
    """The day that sunset dates are held against."""
    return options.run.as_of or datetime.now(UTC).date()
