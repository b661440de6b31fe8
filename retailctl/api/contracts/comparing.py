"""Two sources to findings and a verdict: the part that ``diff``, ``check`` and ``changelog`` share."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Final, NamedTuple

from retailctl.api.contracts.findings import About, findings_of
from retailctl.api.contracts.options import ContractOptions, today
from retailctl.contracts.api.model import EVENTS
from retailctl.contracts.changes.change import CompareOptions
from retailctl.contracts.changes.compare import Comparison
from retailctl.contracts.judging import Judged, Judgement, JudgeOptions, judge
from retailctl.contracts.judging.judge import semver
from retailctl.contracts.references import Library, ReferenceProblem
from retailctl.contracts.rules.levels import Levels, SetLevel
from retailctl.contracts.rules.severity_file import checked, read_severity_file
from retailctl.contracts.schemas.store import ContentModel
from retailctl.errors import InputError, Location
from retailctl.model.contract_change import Bump, ContractVerdict
from retailctl.model.finding import Finding
from retailctl.model.report import RuleCount
from retailctl.model.rule import Rule
from retailctl.workspace import input_codes as codes

if TYPE_CHECKING:  # a workspace is read only where there is one
    from retailctl.api.session import Session


class Compared(NamedTuple):
    """Findings of one comparison, its judgement, and the problems met while reading."""

    findings: list[Finding]
    judgement: Judgement
    problems: list[InputError]
    declared_bump: Bump | None
    invalid: bool = False  # a schema of either side is none: nothing can be promised of it

    def verdict(self, about: About) -> ContractVerdict:
        """What it comes to, between the two sides as they are called."""
        judgement = self.judgement
        return ContractVerdict(
            compatible=judgement.compatible,
            required_bump=judgement.required_bump,
            declared_bump=self.declared_bump,
            base=about.old.label,
            revision=about.new.label,
            mode=judgement.mode,
            readings=judgement.readings,
        )


def levels_of(options: ContractOptions, session: Session | None = None) -> Levels:
    """The levels in force: flags, then the severity file, then the settings of the workspace.

    Raises ConfigError for a level or rule that does not exist.
    """
    overrides: dict[str, SetLevel] = {}
    if session is not None:
        from retailctl.api.contracts.set_levels import change_levels

        overrides.update(change_levels(session))
    if options.severity_levels is not None:
        path = options.severity_levels
        overrides.update(read_severity_file(path.parent, path.name))
    if options.levels:
        place = Location("--level", 0, 0)
        overrides.update(checked((id, level, place) for id, level in options.levels.items()))
    return Levels(options.profile, overrides)


def compare_sources(about: About, options: ContractOptions, levels: Levels, *, readings: bool = True) -> Compared:
    """Compare, judge and turn into findings. Without ``readings`` none are asked: not every report shows them."""
    comparison, judgement = _judged(
        about,
        options,
        levels,
        CompareOptions(
            naming=options.profile,
            as_of=today(options),
            days_stable=options.days_stable,
            days_beta=options.days_beta,
            stability=options.stability,
            category=options.category,
            match_path=options.match_path,
            unmatch_path=options.unmatch_path,
            strip_prefix_base=options.strip_prefix_base,
            strip_prefix_revision=options.strip_prefix_revision,
            prefix_base=options.prefix_base,
            prefix_revision=options.prefix_revision,
        ),
        readings,
    )
    sides = (about.old, about.new)
    problems = [problem for side in sides for problem in reference_problems(side.library)]
    invalid: list[InputError] = []
    if about.new.api.family in EVENTS:
        from retailctl.api.contracts.schema_problems import schema_problems

        invalid = schema_problems(*sides)
    if invalid and judgement.compatible:
        unsure = tuple(replace(one, compatible=None) if one.compatible else one for one in judgement.readings)
        judgement = replace(judgement, compatible=None, readings=unsure)
    return Compared(
        findings_of(judgement.changes, about, comparison.pairs),
        judgement,
        [*problems, *invalid],
        declared_bump(about.old.api.info_version, about.new.api.info_version),
        bool(invalid),
    )


def compared_again(before: About, about: About, found: Compared) -> Compared:
    """The same for an older version that says the same as that of the comparison: its changes at its own places."""
    old, here = before.old.library.root_path, about.old.library.root_path
    changes = tuple(_moved(one, old, here) for one in found.judgement.changes)
    judgement = replace(found.judgement, changes=changes)
    problems = [problem for side in (about.old, about.new) for problem in reference_problems(side.library)]
    return Compared(
        findings_of(changes, about), judgement, problems,
        declared_bump(about.old.api.info_version, about.new.api.info_version),
    )  # fmt: skip


def _moved(one: Judged, old: str, here: str) -> Judged:
    place = one.change.old_place
    if place is None or place.path != old:
        return one
    return replace(one, change=replace(one.change, old_place=place._replace(path=here)))


_CONTENT: Final[Mapping[str, ContentModel]] = {
    "declared": "declared", "lenient": "declared", "all": "all", "strict": "all",
}  # fmt: skip


def content_of(options: ContractOptions) -> ContentModel:
    """The content model that a JSON Schema is judged by."""
    return _CONTENT[options.content_model or "declared"]


def _judged(
    about: About, options: ContractOptions, levels: Levels, compared: CompareOptions, readings: bool
) -> tuple[Comparison, Judgement]:
    old, new = about.old.api, about.new.api
    judging = JudgeOptions(levels, content_of(options), options.witnesses, readings)
    if new.family not in EVENTS:
        comparison = Comparison(old, new, compared)
        return comparison, judge(comparison, judging)
    from retailctl.contracts.events.compare import compare_events
    from retailctl.contracts.events.judging import judge_events

    found = compare_events(old, new, compared, options.mode)
    return found, judge_events(found, judging)


_CODES = {
    "dangling": codes.DANGLING_REFERENCE, "not-an-object": codes.REFERENCE_UNUSABLE,
    "bad-pointer": codes.REFERENCE_UNUSABLE, "unreadable": codes.REFERENCE_UNUSABLE,
    "network": codes.REFERENCE_DENIED, "outside-workspace": codes.REFERENCE_DENIED,
    "scheme": codes.REFERENCE_DENIED, "cycle": codes.REFERENCE_CYCLE,
}  # fmt: skip


_REFERENCE: Final = re.compile(r"""[$]ref["']?\s*:\s*["']?([^"'\s,}]+)""")


def reference_problems(library: Library) -> list[InputError]:
    """The references that lead nowhere, or where we do not go; each with the place it stands at.

    What looks like a reference in the text of the document is asked for; only where one fails are they looked for in
    earnest, as most documents have none that does.
    """
    root = library.root
    unread = root.may_refer and root.load is not None and not library.are_known
    text = root.load() if unread and root.load is not None else None
    library.are_known = True
    for reference in sorted(set(_REFERENCE.findall(text or ""))):
        if not (reference.startswith("#/") and _is_there(library.root.data, reference[1:])):
            with suppress(ReferenceProblem):  # the library keeps it
                library.target(reference, library.root_path)
    met = library.problems
    if not met:
        return []
    found = []
    for path, pointer, problem in library.places_of(met):
        at = library.document(path).locate(pointer)
        code = _CODES[problem.code]
        found.append(InputError(code, f"{problem.ref}: {problem.message}", at=at, hint=codes.FIX[code]))
    return found


def _is_there(value: object, pointer: str) -> bool:
    """True if a pointer that is written plainly leads to an object."""
    for step in pointer[1:].split("/"):
        if not isinstance(value, dict):
            return False
        value = value.get(step.replace("~1", "/").replace("~0", "~"))
    return isinstance(value, dict)


def declared_bump(old: str, new: str) -> Bump | None:
    """What the declared versions say; None where they are no versions."""
    before, after = semver(old), semver(new)
    if before is None or after is None:
        return None
    if after[0] > before[0]:
        return "major"
    if after[0] < before[0] or after[1:] == before[1:]:
        return "none"
    return "minor" if after[1] > before[1] else "patch"


def highest(bumps: Iterable[Bump]) -> Bump:
    """The bump of a set is that of its worst member."""
    order: tuple[Bump, ...] = ("none", "patch", "minor", "major")
    return max(bumps, key=order.index, default="none")


def together(verdicts: Iterable[bool | None]) -> bool | None:
    """False if any is, else None if any is."""
    found = list(verdicts)
    if any(verdict is False for verdict in found):
        return False
    return None if any(verdict is None for verdict in found) else True


def counts(findings: Iterable[Finding]) -> list[RuleCount]:
    """How often each rule gave each verdict."""
    seen: dict[str, Counter[str]] = {}
    for finding in findings:
        seen.setdefault(finding.rule, Counter())[finding.verdict] += 1
    return [
        RuleCount(
            rule=id, fail=tally["fail"], unknown=tally["unknown"], waived=tally["waived"],
            not_applicable=tally["not_applicable"],
        )
        for id, tally in sorted(seen.items())
    ]  # fmt: skip


def rows_of(findings: Iterable[Finding]) -> list[Rule]:
    """The rows of the rules that the findings name."""
    from retailctl.contracts.rules.pages import to_model_rule
    from retailctl.contracts.rules.rules import is_rule, rule

    ids = sorted({finding.rule for finding in findings if is_rule(finding.rule)})
    return [to_model_rule(rule(id)) for id in ids]
