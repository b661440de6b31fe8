"""A comparison inside a workspace: consumers from its inventory, its waivers and baseline."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from retailctl.api.contracts.comparing import compare_sources, levels_of
from retailctl.api.contracts.consumers import Consumers
from retailctl.api.contracts.findings import About
from retailctl.api.contracts.options import ContractOptions, today
from retailctl.api.contracts.reporting import make_report
from retailctl.api.governing import govern
from retailctl.api.loading import Loaded, load
from retailctl.api.session import Session, open_session
from retailctl.contracts.api.model import EVENTS
from retailctl.errors import IncompleteError, InputError
from retailctl.model.contract_change import ContractVerdict
from retailctl.model.contract_file import ContractFile
from retailctl.model.finding import Finding
from retailctl.model.report import Report
from retailctl.model.rule import Rule
from retailctl.policy.governance_rules import GOVERNANCE_RULES, STALE, UNUSED
from retailctl.policy.order import settle

_PROMISES: Final = ("contract.yml", "contract.yaml")  # where a folder has both, the last that was read counts


@dataclass(frozen=True, slots=True)
class Workspace:
    """A session with its estate loaded, and who consumes what."""

    session: Session
    loaded: Loaded
    consumers: Consumers


def open_workspace(root: Path | None, options: ContractOptions) -> Workspace:
    """Settings, estate and waves. Raises what :func:`open_session` raises."""
    session = open_session(root, options.run)
    loaded = load(session, for_rules=False)
    return Workspace(session, loaded, Consumers(loaded.estate, tuple(loaded.waves)))


def promise_of(loaded: Loaded, path: str) -> ContractFile | None:
    """The ``contract.yaml`` of the folder of a document, or of one above it."""
    folder = path
    while "/" in folder:
        folder = folder.rpartition("/")[0]
        for name in _PROMISES:
            if (found := loaded.promises.get(f"{folder}/{name}")) is not None:
                return found
    return None


def about_in(workspace: Workspace, about: About) -> About:
    """The comparison with everything the workspace knows of the contract."""
    paths = tuple(dict.fromkeys((about.old.library.root_path, about.new.library.root_path, *about.paths)))
    promise = next((found for path in paths if (found := promise_of(workspace.loaded, path))), None)
    return replace(
        about,
        contract=about.contract or (promise.id if promise else None),
        consumers=workspace.consumers,
        owner=promise.owner if promise else None,
        domain=promise.domain if promise else None,
    )


def as_promised(options: ContractOptions, promise: ContractFile | None, *, versions: bool) -> ContractOptions:
    """The options with what ``contract.yaml`` says where the caller says nothing.

    Its prefixes are those of two versions: one document at two revisions has its paths under one prefix.
    """
    if promise is None:
        return options
    made = replace(
        options,
        content_model=options.content_model or promise.content_model,
        mode=options.mode or promise.compatibility,
        category=options.category or promise.category,
    )
    cut = promise.strip_prefix
    if cut is None or not versions:
        return made
    return replace(
        made,
        strip_prefix_base=options.strip_prefix_base or cut.base or "",
        strip_prefix_revision=options.strip_prefix_revision or cut.revision or "",
    )


def diff_in_workspace(root: Path, about: About, options: ContractOptions) -> Report:
    """The report of one comparison of documents that belong to a workspace, under what their contract promises."""
    workspace = open_workspace(root, options)
    # Whoever is on the new version by now is not broken by it.
    old, new = about.old.library.root_path, about.new.library.root_path
    before, after = promise_of(workspace.loaded, old), promise_of(workspace.loaded, new)
    options = as_promised(options, after or before, versions=old != new and before == after)
    on: tuple[str, ...] = (old, new)  # of messages each side may meet those of the other
    if about.new.api.family not in EVENTS:
        on = (old,) if workspace.consumers.knows([old]) else (new,)
    levels = levels_of(options, workspace.session)
    compared = compare_sources(replace(about_in(workspace, about), paths=tuple(dict.fromkeys(on))), options, levels)
    return governed_report(
        workspace.session, workspace.loaded, compared.findings, "contract diff", options, compared.verdict(about),
        compared.problems, files=2, complete=False,
    )  # fmt: skip


def governed_report(
    session: Session,
    loaded: Loaded,
    findings: Iterable[Finding],
    command: str,
    options: ContractOptions,
    verdict: ContractVerdict | None,
    problems: Iterable[InputError] = (),
    *,
    files: int,
    unreadable: Iterable[IncompleteError] = (),
    notices: Iterable[str] = (),
    rules: Iterable[Rule] = (),
    complete: bool = True,
) -> Report:
    """The report after waivers and baseline of the workspace.

    Where not everything was looked at, a waiver or baseline entry that covers nothing is not called idle.
    """
    from retailctl.api.inputs import input_findings

    raw = settle([*input_findings(problems), *findings])
    judged = {finding.rule for finding in raw}
    governed = govern(raw, session, loaded, judged)
    idle = () if complete else (UNUSED.id, STALE.id)
    return make_report(
        [finding for finding in governed.findings if finding.rule not in idle],
        command=command,
        workspace=session.name,
        as_of=today(options),
        fail_on=session.fail_on,
        files=files,
        verdict=verdict,
        rules=(*GOVERNANCE_RULES, *rules),
        fail_on_unknown=bool(session.settings.fail_on_unknown),
        notices=notices,
        unreadable=() if session.options.allow_partial else unreadable,
    )
