"""What a comparison left in the engine, as findings and totals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from retailctl.api.parallel import words
from retailctl.errors import Location
from retailctl.model.finding import Finding, fingerprint
from retailctl.model.parallel_run import GateResult, Masked, ParallelSummary
from retailctl.model.report import RuleCount
from retailctl.model.rule import Rule
from retailctl.parallel.columns import SIDES, Shape, Side
from retailctl.parallel.comparison import RowClasses, field_classes
from retailctl.parallel.engines.engine import Engine
from retailctl.parallel.mismatches import GATE, NOT_RULED_OUT, ROWS
from retailctl.parallel.quick import Read
from retailctl.parallel.samples import Masking, sample

Listed = tuple[Finding, tuple[Masked, ...]]


@dataclass(slots=True)
class Found:
    """A finished comparison: its table of classes, and how its values may be shown."""

    engine: Engine
    table: str
    shape: Shape
    classes: RowClasses
    read: Mapping[Side, Read]
    masking: Masking
    samples: int
    fields: dict[str, dict[str, int]] = field(init=False)

    def __post_init__(self) -> None:
        self.fields = field_classes(self.engine, self.table, self.shape)

    def some(self, where: str, fields: tuple[int, ...] = ()) -> tuple[Masked, ...]:
        """A few rows that meet a condition."""
        return sample(self.engine, self.table, self.shape, where, fields, self.samples, self.masking)


def summary_of(
    found: Found, labels: tuple[str, str], alone: Mapping[Side, tuple[str, ...]], listed: Iterable[Listed]
) -> ParallelSummary:
    """The totals. A matched pair counts once, so that EQUAL + FIELD + what legacy has alone is all of legacy."""
    classes = found.classes
    duplicates = {
        str(side): {kind: classes.duplicates.get((side, kind), 0) for kind in ("identical", "conflicting")}
        for side in SIDES[::-1]
    }
    legacy = found.read["legacy"]
    compared = legacy.rows - sum(legacy.rejected.values()) - classes.invalid["legacy"]
    return ParallelSummary(
        legacy=labels[0],
        new=labels[1],
        key=tuple(column.name for column in found.shape.keys),
        rows={side: found.read[side].rows for side in SIDES},
        classes={
            "MISSING_IN_NEW": classes.missing,
            "EXTRA_IN_NEW": classes.extra,
            "PENDING": 0,
            "REJECTED": sum(sum(read.rejected.values()) for read in found.read.values()),
            "KEY_INVALID": sum(classes.invalid.values()),
            "BOUNDARY": 0,
            "EQUAL": compared - classes.missing - sum(duplicates["legacy"].values()) - classes.changed,
            "FIELD": classes.changed,
        },
        duplicates=duplicates,
        fields=found.fields,
        not_compared={side: names for side, names in alone.items() if names},
        samples={finding.fingerprint: rows for finding, rows in listed if rows},
        engine=found.engine.version,
    )


def findings_of(found: Found) -> Iterator[Listed]:
    """One finding per class, and for matched rows per field and class, with a few rows each."""
    yield from _unread(found)
    yield from _one_sided(found)
    yield from _changed(found)


def _unread(found: Found) -> Iterator[Listed]:
    for side, read in found.read.items():
        for (column, reason), count in read.rejected.items():
            subject = f"{side}.{column}{f' {reason}' if reason else ''}"
            yield _finding("REJECTED", subject, words.rejected(side, column, reason, count, found.shape)), ()
    for side, count in found.classes.invalid.items():
        if count:
            yield _finding("KEY_INVALID", side, f"{words.counted(count)} of the {side} side without a key"), ()


def _one_sided(found: Found) -> Iterator[Listed]:
    classes = found.classes
    counts = {"MISSING_IN_NEW": classes.missing, "EXTRA_IN_NEW": classes.extra}
    for side, (name, count) in zip(SIDES, counts.items(), strict=True):
        if count:
            told = words.one_sided(side, count, found.read[side].rows)
            yield _finding(name, "rows", told), found.some(f"class = '{name}'")
    for name, count in sorted(classes.relabelled.items()):
        yield _finding(name, "rows", words.relabelled(name, count)), found.some(f"class = '{name}'")
    for (side, kind), count in sorted(classes.duplicates.items()):
        told = (
            f"{words.counted(count, 'more row')} of keys that both sides have, on the {side} side: {words.KINDS[kind]}"
        )
        where = f"class = 'DUPLICATE' and side = '{side}' and variety = '{kind}'"
        yield _finding("DUPLICATE", f"{side} {kind}", told), found.some(where)


def _changed(found: Found) -> Iterator[Listed]:
    for number, column in enumerate(found.shape.values):
        for name, count in sorted(found.fields.get(column.name, {}).items(), key=lambda pair: (-pair[1], pair[0])):
            if name in ROWS:
                where = f"class = 'FIELD' and f{number} = '{name}'"
                told = words.differing(column, name, count)
                yield _finding(name, column.name, told), found.some(where, (number,))


def _finding(name: str, subject: str, message: str) -> Finding:
    row = ROWS[name]
    return Finding(
        rule=row.id, name=name.lower().replace("_", "-"), verdict="fail", severity="error", subject=subject,
        message=message, fix=row.fix, stage="cutover", fingerprint=fingerprint(row.id, subject),
    )  # fmt: skip


def gate_findings(gates: Iterable[GateResult], plan: str) -> Iterator[Finding]:
    """A finding for each gate that does not pass: these decide the verdict of a run."""
    for gate in gates:
        if gate.verdict != "pass":
            row = GATE
            since = f", red since {gate.first_red}" if gate.first_red else ""
            since = f"; {gate.note}{since}" if gate.note else since
            # With its name: code hosts show the message alone.
            message = f"{gate.gate}: measured {gate.measured}, limit {gate.limit}{since}"
            yield Finding(
                rule=row.id, name=row.name.lower(), verdict="fail" if gate.verdict == "fail" else "unknown",
                severity="error", subject=gate.gate, message=message, fix=row.fix,
                locations=(Location(plan),), stage="cutover", fingerprint=fingerprint(row.id, f"{plan} {gate.gate}"),
            )  # fmt: skip


def rule_counts(rules: Iterable[Rule], findings: Iterable[Finding]) -> list[RuleCount]:
    """How often each kind was found; one that two states of the data cannot show has not passed."""
    found = Counter(finding.rule for finding in findings)
    return [
        RuleCount(
            rule=rule.id,
            pass_=int(not found[rule.id] and rule.id not in NOT_RULED_OUT),
            fail=found[rule.id],
        )
        for rule in rules
    ]
