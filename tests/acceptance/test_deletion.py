"""The deletion law: a field that is not there never turns a verdict into "pass" (rules.md section 2).

Every field that a rule may read is deleted, first one entry at a time and then from all entries at once, in the
reference estate and in every rule case. For rules that are not about presence:

* fail becomes unknown, or stays fail because other evidence suffices; never pass;
* pass becomes unknown, or stays pass because the field did not matter;
* a subject that can no longer be formed (a path between two systems without the domain) is not dropped: the rule says
  unknown of an entry of which it did not before.

What differs stands in ``EXCEPTIONS`` with its reason.
"""

from __future__ import annotations

import fnmatch
import re
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest

from retailctl.model.estate import Subject
from retailctl.model.rule import Rule
from retailctl.policy.cel import fields_read
from retailctl.policy.facts_schema import is_fact
from tests.acceptance.worlds import Deletion, Key, Path_, RawEntry, World, paths_of
from tests.cases.rule_cases import RuleCase, rule_cases
from tests.needs import ROOT
from tests.support.effort import part

# Fields that no rule reads: deleting them is a waste of time.
NEVER_READ = {
    *("id", "name", "note", "refresh"),
    *(
        "capability",
        "entities",
        "worker",
        "stage",
        "policy_ref",
        "limits",
        "region",
    ),
    *("aliases", "role", "offline_buffer"),
}

# Fields of an entry that no fact follows from; deleting them everywhere at once tries the facts all the same.
NO_FACT = {
    "connector",
    "mediation",
    "disposition",
    "replaced_by",
    "lifecycle",
    "vault",
    "environments",
    "support",
    "logging",
    "access_policy",
    "cache",
    "metrics",
    "dashboard",
    "alerts",
    "steward",
    "scaling",
}

# What Python checks read, by rule: kind.field, in the spelling of the model.
CHECK_READS: dict[str, tuple[str, ...]] = {
    "ARC-03": (
        *("domain.system_of_record", "interface.provider", "interface.consumers", "interface.domain"),
        *("interface.direction", "interface.key.method", "interface.key"),
    ),
    "ARC-09": ("system.layer", "interface.provider", "interface.consumers"),
    "ARC-12": (
        *("system.layer", "interface.mediation", "interface.provider", "interface.consumers"),
        *("interface.domain", "interface.direction", "interface.key"),
    ),
    "ARC-13": (
        *("interface.connector", "interface.provider", "interface.consumers", "interface.domain"),
        *("interface.direction", "interface.key", "interface.lifecycle", "interface.replaced_by"),
    ),
    "CLS-10": (
        *("interface.classification.data", "interface.contract", "interface.key.method", "interface.key.address"),
        "interface.key.topic",
    ),
    "CON-09": ("interface.provider", "interface.contract"),
    "CON-10": ("domain.canonical",),
    "CON-13": (
        *("interface.key", "interface.domain", "interface.operations", "interface.contract", "interface.lifecycle"),
        "interface.provider",
    ),
    "CON-15": (*("interface.provider", "interface.consumers", "interface.contract", "interface.key", "system.layer"),),
    "EST101": (
        *("interface.lifecycle", "interface.sightings", "interface.owner"),
        *("event.contract", "event.owner", "event.retention", "event.consumers", "event.channel", "event.name"),
    ),
    "EST102": (
        *("interface.provider", "interface.key", "interface.lifecycle", "interface.schedule", "interface.sightings"),
        "interface.consumers.last_seen",
    ),
    "EST103": ("interface.sightings",),
    "EST104": (
        *("system.owner", "credential.owner", "domain.owner", "process.owner", "interface.sightings"),
        "team.active",
    ),
    "EVT-11": ("interface.pattern", "interface.contract", "interface.key", "interface.mode"),
    "EVT-13": (
        "event.consumers",
        "event.consumers.group",
        "interface.consumers",
        "interface.key",
        "interface.key.queue",
    ),
    "EVT-14": ("event.publisher", "event.consumers", "event.channel", "system.layer"),
    "MIG-01": ("interface.sightings",),
    "OWN-04": ("domain.steward", "domain.writers", "domain.sync.priority"),
    "OWN-05": ("domain.owner",),
    "OWN-12": ("interface.domain", "interface.operations", "interface.key.method", "interface.consumers"),
    "OWN-14": ("interface.provider", "interface.key", "interface.consumers", "system.kind"),
    "RES-16": (
        *("system.layer", "system.scaling", "interface.cache", "interface.mode", "interface.operations"),
        "interface.classification.volume_per_day",
    ),
    "SEC-06": ("credential.vault",),
    "SEC-07": (
        *("credential.environments", "system.environment", "interface.provider", "interface.consumers"),
        *("interface.endpoints", "interface.endpoints.environment"),
    ),
    "SEC-14": (
        *("interface.classification.data", "interface.contract", "interface.domain", "interface.logging.retention"),
        *("interface.sightings", "interface.key.address"),
    ),
}

# Read, but nothing hangs on it alone: an exception that has to be declared, one source of two, another name of the
# cluster that a coverage statement may use.
DISPENSABLE = {
    ("ARC-13", "interface.lifecycle"),
    ("ARC-13", "interface.replaced_by"),
    ("CON-13", "interface.lifecycle"),
    ("CON-13", "interface.provider"),
    ("EST101", "interface.owner"),
    ("EST101", "interface.sightings"),
    *(("EST101", f"event.{field}") for field in ("contract", "owner", "retention", "consumers", "channel", "name")),
    *(("EST102", f"interface.{field}") for field in ("schedule", "sightings", "consumers.last_seen")),
    *(("EST104", f"{kind}.owner") for kind in ("system", "credential", "domain", "process")),
    ("EST104", "interface.sightings"),
    ("EST104", "team.active"),
    ("EVT-11", "interface.mode"),
    ("EVT-14", "event.channel"),
    ("MIG-01", "interface.sightings"),
    ("OWN-14", "system.kind"),
    ("SEC-14", "interface.logging.retention"),
}

# (rule, kind.field pattern, before > after): why. "gone" = no outcome, and no unknown on the entry that lost the field.
EXCEPTIONS: dict[tuple[str, str, str], str] = {
    # Exceptions that have to be declared: without them the rule is stricter, never milder.
    **{
        ("ARC-06", field, "pass>fail"): "an unknown layer does not excuse direct access to tables"
        for field in ("interface.provider", "system.layer")
    },
    ("EVT-06", "event.kind", "pass>fail"): "only a declared command may be named as one",
    ("EVT-06", "event.reason", "pass>fail"): "only a stated reason excuses a technical event",
    ("EST111", "interface.resilience.idempotency_key", "pass>fail"): "the rule of the estate asks for this very field",
    ("OWN-03", "domain.sync", "pass>fail"): "only a declared sync rule allows a second writer",
    ("OWN-03", "domain.sync.*", "pass>fail"): "only a declared sync rule allows a second writer",
    ("SEC-05", "credential.rotate_days", "pass>fail"): "without a period of its own the policy's holds",
    ("CON-17", "interface.sightings*", "pass>fail"): "an older sample, kept as evidence, answers in its place",
    **{
        ("CLS-04", field, "fail>pass"): "a log that says nothing, or of nobody knows which system, contradicts nothing"
        for field in ("interface.sightings*", "interface.provider")
    },
    ("CON-04", "interface.sightings*", "pass>fail"): "only a dated sample stands in for a validator at the gateway",
    # "Not seen" by a source that covered the broker is a fact (rules.md section 2).
    **{
        ("EVT-14", field, "pass>fail"): "within the coverage of the broker, not seen means that there is none"
        for field in ("event.publisher", "event.consumers")
    },
    # What only a record of Odoo can show is asked of nothing else: without the record there is nothing to judge.
    **{
        (f"ODO{number}", f"{kind}.{field}", step): "what Odoo has not shown is none of the rule's subjects"
        for kind, numbers in {
            "interface": (*range(101, 107), 108),
            "credential": range(111, 116),
            "system": range(121, 126),
        }.items()
        for number in numbers
        for field in ("sightings", "sightings.fields", "sightings.fields.record")
        for step in ("fail>pass", "unknown>pass")
    },
    **{
        (f"ODO{number}", field, step): "the reader writes it where there is such a thing: it is the statement itself"
        for number, field, steps in (
            (103, "interface.sightings.fields.guard", ("fail>pass",)),
            (107, "interface.key", ("fail>pass",)),
            (107, "interface.key.address", ("fail>pass",)),
            (107, "interface.sightings", ("fail>pass", "unknown>pass")),
            (107, "interface.sightings.fields", ("fail>pass", "unknown>pass")),
            (107, "interface.sightings.fields.legacy_calls", ("fail>pass", "unknown>pass")),
            (108, "interface.sightings.fields.mechanism", ("fail>pass", "unknown>pass")),
            (111, "credential.sightings.fields.tools", ("fail>pass",)),
            (112, "credential.sightings.fields.keys", ("fail>pass", "unknown>pass")),
            (115, "credential.sightings.fields.machine", ("fail>pass", "unknown>pass")),
            (115, "credential.sightings.fields.keys", ("pass>fail",)),
            (121, "system.sightings.fields.access", ("fail>pass",)),
            (123, "system.sightings.fields.writes_models", ("fail>pass",)),
            (125, "system.sightings.fields.transport", ("fail>pass", "unknown>pass")),
        )
        for step in steps
    },
    # What is deleted is the statement that the rule judges.
    ("SEC-05", "credential.rotate_days", "fail>pass"): "the stricter period was its own; now the policy's holds",
    ("ARC-22", "interface.key.topic", "fail>pass"): "no topic is named, so no name is wrong; nothing else tells",
    ("CON-11", "interface.transforms", "fail>pass"): "the count was the only statement that anything is transformed",
    ("CON-15", "interface.contract", "pass>gone"): "class C needs no contract (CON-01), so nothing is asked of one",
    ("OWN-01", "team.active", "fail>pass"): "a listed team exists; active: false is the statement that it does not",
    ("EVT-01", "team.active", "fail>pass"): "as with OWN-01",
    **{
        ("EST101", field, step): "a source that says nothing contradicts nothing"
        for field, steps in (
            *((f"event.{name}", ("fail>gone",)) for name in ("owner", "retention", "consumers", "channel")),
            ("event.contract", ("fail>gone", "pass>gone")),
            ("interface.owner", ("fail>gone",)),
            ("interface.sightings", ("fail>gone", "pass>gone", "unknown>gone")),
            ("interface.sightings.fields*", ("fail>gone", "unknown>gone")),
        )
        for step in steps
    },
    **{
        (
            "SEC-07",
            "interface.endpoints",
            step,
        ): "a host that no endpoint names is no subject; SEC-12 asks for endpoints"
        for step in ("fail>gone", "pass>gone", "unknown>gone")
    },
    **{
        ("ARC-13", f"interface.{field}", "pass>gone"): "with one connector on both sides nothing can be a duplicate"
        for field in ("provider", "consumers", "domain", "direction", "key*")
    },
    ("EVT-13", "interface.key", "pass>gone"): "one reader shares with nobody, whatever the protocol",
    **{
        ("EST102", f"interface.{field}", step): "what a log can see follows from what it saw; else it proves nothing"
        for field, steps in (
            ("provider", ("fail>gone", "pass>gone", "unknown>gone")),
            ("key", ("fail>gone", "pass>gone", "unknown>gone")),
            ("sightings*", ("fail>gone", "pass>gone", "unknown>gone")),
        )
        for step in steps
    },
    **{
        ("EST102", f"interface.{field}", "pass>fail"): "within the coverage of the log, not seen is an answer"
        for field in ("consumers", "consumers.last_seen")
    },
    **{
        ("EST104", f"{kind}.owner", step): "who is not named cannot have left; other rules ask for owners"
        for kind, steps in (
            ("system", ("fail>gone", "pass>gone", "unknown>gone")),
            ("credential", ("fail>gone", "pass>gone")),
            ("domain", ("pass>gone",)),
            ("process", ("pass>gone",)),
        )
        for step in steps
    },
    ("EST104", "interface.sightings*", "fail>gone"): "a source that says nothing tells of nobody that he left",
    ("EST104", "team.active", "fail>pass"): "as with OWN-01",
    ("MIG-01", "interface.sightings", "fail>pass"): "a source that saw nothing need not say where it looked",
    ("OWN-07", "interface.lifecycle_log", "fail>pass"): "the log was the only statement that anything changed",
    ("OWN-14", "interface.consumers", "fail>pass"): "who was not seen is no stranger",
    ("OWN-14", "interface.consumers.identity", "fail>pass"): "who was seen without a name may be the one who is listed",
    ("OWN-14", "interface.consumers.last_seen", "pass>fail"): "a use without a day may be one of today",
    **{
        ("OWN-17", field, "pass>fail"): "only a declared approval lets an agent write"
        for field in ("process.approvals", "process.steps", "process.steps.interface")
    },
    ("RES-16", "system.layer", "unknown>gone"): "ARC-09 asks for the layer; without it nothing is asked of its scaling",
    **{
        (
            "RES-16",
            f"interface.{field}",
            "unknown>gone",
        ): "CLS-04 and CLS-05 ask for it; a cache is asked of what is known"
        for field in ("classification", "classification.volume_per_day", "mode", "operations")
    },
    ("SEC-08", "partner.credential", "fail>pass"): "a partner who names no credential is asked for it himself",
    ("SEC-11", "credential.expires", "fail>pass"): "the rotation that is declared answers in its place",
    ("SEC-11", "credential.last_used", "fail>pass"): "the use was what was wrong",
    **{
        ("SEC-13", field, "fail>pass"): "only a credential that is known to be one is privileged"
        for field in ("credential.scopes", "credential.used_by", "interface.consumers", "interface.consumers.identity")
    },
    ("SEC-14", "interface.sightings.at", "pass>fail"): "of samples without a day none is the newest",
    ("SEC-14", "interface.sightings*", "fail>gone"): "who looked at no sample saw no account",
    (
        "SEC-14",
        "interface.logging*",
        "fail>pass",
    ): "SEC-13 asks for the retention; here one that is declared is too long",
    **{
        ("SEC-14", f"interface.{field}", "pass>gone"): "CLS-10 asks for the tags"
        for field in ("classification", "classification.data")
    },
    # Another source answers in place of the field.
    **{
        (rule, f"event.{field}", step): "the contract says it in the place of the inventory"
        for rule, field, step in (
            ("EVT-01", "owner", "fail>pass"),
            ("EVT-01", "owner", "pass>fail"),
            ("EVT-05", "retention", "pass>fail"),
        )
    },
    ("SEC-01", "interface.owner", "pass>fail"): "the register names another owner, as EST101 reports",
}


Change = tuple[str, str, str, str]
"""Rule, kind.field, before > after, and an example."""


@cache
def reference() -> World:
    return World(ROOT)


@cache
def case_worlds() -> tuple[tuple[RuleCase, World], ...]:
    made = []
    for case in rule_cases():
        with tempfile.TemporaryDirectory() as folder:
            case.write(Path(folder))
            made.append((case, World(Path(folder), {case.rule})))
    return tuple(made)


@cache
def of_case(rule: str, name: str) -> list[tuple[Change, bool]]:
    """What changes when the entries of a rule case lose their fields, one at a time."""
    world = next(world for case, world in case_worlds() if (case.rule, case.name) == (rule, name))
    return list(outcomes(world, one_by_one(world.raw)))


def dotted(path: Path_) -> str:
    return ".".join(map(str, path))


def reads(rule: Rule, kind: str, field: str) -> bool:
    """Whether a Python check may look at the field, or at a block around it or in it."""
    for known in CHECK_READS.get(rule.id, ()):
        of, _, name = known.partition(".")
        if of == kind and (name == field or name.startswith(f"{field}.") or field.startswith(f"{name}.")):
            return True
    return False


def outcomes(world: World, deletions: list[tuple[list[RawEntry], Path_]]) -> Iterator[tuple[Change, bool]]:
    """Every verdict that the field could have changed, and whether the rule is about presence."""
    subjects: dict[str, list[Subject]] = defaultdict(list)
    runs = []
    for entries, path in deletions:
        estate = world.without(entries, path)
        if estate is not None:
            deletion = Deletion(entries[0].kind, frozenset(entry.id for entry in entries), dotted(path))
            own_only = len(entries) == 1 and path[0] in NO_FACT
            changed = world.changed_subjects(estate, own_only=own_only)
            for kind, of_kind in changed.items():
                subjects[kind].extend(of_kind)
            runs.append((deletion, estate, changed))
    judged = world.judged(subjects)  # at once: an environment for each deletion would take most of the time
    for deletion, estate, changed in runs:
        for rule in world.rules:
            if rule.check is None:
                of_kind = changed.get(rule.applies_to, [])
                after = {(s.id, ""): judged[rule.id].get(id(s), "pass") for s in of_kind}
                touched = set(after)
            elif reads(rule, deletion.kind, deletion.field):
                after = world.checked(rule, estate, world.replaced(changed))
                touched = world.before[rule.id].keys() | after.keys()
            else:
                continue
            for subject, step in steps(world.before[rule.id], after, sorted(touched)):
                field = f"{deletion.kind}.{deletion.field}"
                yield (rule.id, field, step, f"{deletion}: {subject}"), rule.presence


def steps(before: Mapping[Key, str], after: Mapping[Key, str], keys: list[Key]) -> Iterator[tuple[str, str]]:
    """Subject and "before>after" of outcomes that were there before; new ones are questions that now are open."""
    asked = any(verdict == "unknown" and before.get(key) != "unknown" for key, verdict in after.items())
    for key in keys:
        if key in before:
            now = after.get(key, "unknown" if asked else "gone")
            yield key[0], f"{before[key]}>{now}"


def allowed(change: Change, *, presence: bool) -> bool:
    rule, field, step, _ = change
    if step in ("fail>fail", "fail>unknown", "pass>pass", "pass>unknown", "unknown>unknown"):
        return True
    if step in ("not_applicable>not_applicable", "not_applicable>unknown"):
        return True
    if presence and step in ("pass>fail", "unknown>fail"):
        return True
    return any(
        rule == of and fnmatch.fnmatchcase(field, pattern) and step == known for of, pattern, known in EXCEPTIONS
    )


def broken(changes: Iterable[tuple[Change, bool]]) -> list[str]:
    found: dict[tuple[str, str, str], str] = {}
    for change, presence in changes:
        if not allowed(change, presence=presence):
            found.setdefault(change[:3], change[3])
    return [
        f"{rule}: {step} when {field} is deleted ({example})" for (rule, field, step), example in sorted(found.items())
    ]


def readable(entry: RawEntry) -> Iterator[Path_]:
    for path in paths_of(entry.data):
        if str(path[0]) not in NEVER_READ and path[-1] not in NEVER_READ:
            yield path


def one_by_one(entries: list[RawEntry]) -> list[tuple[list[RawEntry], Path_]]:
    return [([entry], path) for entry in entries for path in readable(entry)]


@pytest.mark.slow
def test_no_field_of_the_reference_estate_passes_by_its_absence() -> None:
    """Every entry with a finding, what its evidence names, and every fortieth other one.

    Outside a thorough run each field is deleted from a few of them: from every one at once it is below.
    """
    world = reference()
    wrong = {key[0] for found in world.before.values() for key, verdict in found.items() if verdict == "fail"}
    chosen = [entry for number, entry in enumerate(world.raw) if entry.id in wrong or number % 40 == 0]
    by_field: dict[tuple[str, Path_], list[tuple[list[RawEntry], Path_]]] = defaultdict(list)
    for (entry,), path in one_by_one(chosen):
        by_field[entry.kind, path].append(([entry], path))
    deletions = [one for of_field in by_field.values() for one in part(of_field, 2)]
    assert broken(outcomes(world, deletions)) == []


@pytest.mark.slow
def test_no_field_passes_by_its_absence_everywhere() -> None:
    """The same field deleted from all entries of a kind at once: every verdict of the estate is asked.

    An exception that nothing needs any more is one too many; asked here, since another process would have to delete
    everything once more.
    """
    assert broken(everywhere()) == []
    used = set()
    changes = [*everywhere(), *(c for case, _ in case_worlds() for c in of_case(case.rule, case.name))]
    for (rule, field, step, _), _ in changes:
        used |= {e for e in EXCEPTIONS if e[0] == rule and e[2] == step and fnmatch.fnmatchcase(field, e[1])}
    assert set(EXCEPTIONS) == used


@cache
def everywhere() -> list[tuple[Change, bool]]:
    world = reference()
    by_field: dict[tuple[str, Path_], list[RawEntry]] = defaultdict(list)
    for entry in world.raw:
        for path in readable(entry):
            by_field[entry.kind, path].append(entry)
    deletions = [(entries, path) for (_, path), entries in sorted(by_field.items(), key=str)]
    return list(outcomes(world, deletions))


def test_no_field_of_a_rule_case_passes_by_its_absence() -> None:
    found = []
    for case, _ in case_worlds():
        found += [f"{case.name}: {line}" for line in broken(of_case(case.rule, case.name))]
    assert found == []


def test_every_field_that_a_rule_reads_makes_it_unknown_somewhere() -> None:
    """The law is not kept by never looking: for each field there is a case that cannot do without it."""
    seen: dict[str, set[str]] = defaultdict(set)
    for case, _ in case_worlds():
        for (of, field, step, _), _ in of_case(case.rule, case.name):
            if step.endswith(">unknown") and step != "unknown>unknown":
                seen[of].add(field)
    judged = [rule for rule in reference().rules if not rule.presence and rule.pack == "retailctl:standard"]
    needs = [(rule.id, field) for rule in judged for field in needed(rule)]
    assert [
        (rule, field)
        for rule, field in needs
        if not any(field == known or known.startswith(f"{field}.") for known in seen[rule])
    ] == []


def needed(rule: Rule) -> Iterator[str]:
    """Declared fields that a rule reads without ``has()``, and those of the table for Python checks."""
    if rule.check is not None:
        yield from (field for field in CHECK_READS.get(rule.id, ()) if (rule.id, field) not in DISPENSABLE)
        return
    guarded = set(re.findall(r"has\(([\w.]+)\)", rule.when or ""))
    for path in fields_read(rule):
        kind, _, field = path.partition(".")
        if field in ("id", "key.protocol", "slo[].sli"):  # never absent: each of them is what its block is about
            continue
        if kind == rule.applies_to and path not in guarded and not is_fact(kind, field):
            yield path.replace("[]", "")
