"""The JSON Schema of the JSON report, as ``retailctl schema report`` prints it."""

from __future__ import annotations

from typing import Any

from retailctl.model.finding import SEVERITIES, VERDICTS
from retailctl.model.report import SCHEMA
from retailctl.report import change_schema, parallel_schema, replay_rows, scan_rows

_TEXT = {"type": "string"}
_MAYBE_TEXT = {"type": ["string", "null"]}
_COUNT = {"type": "integer", "minimum": 0}
_TEXTS = {"type": "array", "items": _TEXT}


def _object(description: str, **properties: dict[str, Any]) -> dict[str, Any]:
    """An object in which every key is always present; readers must accept further keys."""
    return {
        "type": "object",
        "description": description,
        "required": list(properties),
        "properties": properties,
    }


def _with(schema: dict[str, Any], more: dict[str, Any], *optional: str) -> dict[str, Any]:
    """Keys that only some reports have: all of them, but for ``optional``, or none."""
    together = [key for key in more if key not in optional]
    properties = {**schema["properties"], **more}
    dependent = {**schema.get("dependentRequired", {}), **dict.fromkeys(more, together)}
    return {**schema, "properties": properties, "dependentRequired": dependent}


def _say(schema: dict[str, Any], description: str) -> dict[str, Any]:
    return {**schema, "description": description}


def _rows(name: str, description: str) -> dict[str, Any]:
    return {"type": "array", "description": description, "items": {"$ref": f"#/$defs/{name}"}}


def report_schema() -> dict[str, Any]:
    """JSON Schema 2020-12 of exactly what the JSON renderer writes. Within a version keys are only added."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:retailctl:schema:report:v1",
        "title": "retailctl report",
        **_with(
            _object(
                "What one run of one retailctl command found. Passes are counted, never listed.",
                schema={"const": SCHEMA},
                tool=_object("What wrote the report.", name={"const": "retailctl"}, version=_TEXT),
                command=_say(_TEXT, "The command that ran, for example audit."),
                as_of={
                    "type": "string",
                    "description": "ISO date that every age and expiry was measured against.",
                },
                workspace=_say(_TEXT, "Name of the workspace; never an absolute path."),
                summary={"$ref": "#/$defs/summary"},
                findings=_rows(
                    "finding",
                    "Sorted by severity, rule, subject and pointer; changes of contracts by severity, consumers hit, "
                    "subject and pointer.",
                ),
                coverage=_rows("coverage", "What was looked at; 'not seen' means something only inside it."),
                priorities=_rows("priority", "What to fix first, most useful first."),
                notices=_say(_TEXTS, "Sentences about the run itself."),
            ),
            {"runs": _rows("plan_state", "How the plans of parallel runs stand; only where there are plans.")},
        ),
        "$defs": _definitions(),
        "examples": [_example()],
    }


def _definitions() -> dict[str, Any]:
    replayed = _with(_summary(), {"replay": {"$ref": "#/$defs/replay"}})
    scanned = _with(replayed, {"scan": {"$ref": "#/$defs/scan"}})
    compared = _with(scanned, change_schema.verdict_properties(), *change_schema.OPTIONAL)
    change = _with(_finding(), change_schema.change_properties(), "no_witness")
    return {
        "summary": _with(compared, parallel_schema.run_properties(), *parallel_schema.OPTIONAL),
        **replay_rows.definitions(_object),
        "scan": scan_rows.definition(_object),
        "rule_count": _rule_count(),
        "finding": _with(change, parallel_schema.sample_properties()),
        **change_schema.definitions(_object),
        **parallel_schema.definitions(_object),
        "evidence": _evidence(),
        "location": _location(),
        "coverage": _object(
            "One coverage statement.",
            source=_TEXT,
            scope=_TEXT,
            start=_say(_TEXT, "ISO date or empty."),
            end=_say(_TEXT, "ISO date or empty."),
            path=_TEXT,
        ),
        "plan_state": _object(
            "The newest run of a plan as it is now.",
            wave=_TEXT,
            plan=_TEXT,
            covers=_say(_TEXTS, "Interfaces whose evidence its runs are."),
            verdict={"enum": ["pass", "fail", "unknown"]},
            last_day=_say(_TEXT, "ISO date of its last business day; empty without a run."),
            age_days=_COUNT,
            days=_say(_COUNT, "Business days that were compared."),
            clean_days=_say(_COUNT, "Of those, up to the last, in a row: every gate held."),
            red=_say(_TEXTS, "Gates that did not hold."),
            path=_say(_TEXT, "Its evidence, or the plan without a run."),
        ),
        "priority": _object(
            "One thing to fix, and why it comes first.",
            title=_TEXT,
            reason=_TEXT,
            rules=_TEXTS,
            subjects=_TEXTS,
            owner=_MAYBE_TEXT,
        ),
    }


def _summary() -> dict[str, Any]:
    numbers = {"type": "object", "additionalProperties": _COUNT}
    return _object(
        "The totals.",
        verdict={"enum": ["pass", "fail", "unknown"]},
        exit_code=_say(_COUNT, "What the command exited with, whatever the format."),
        fail_on={"enum": ["info", "warn", "error", "never"]},
        by_severity=_say(numbers, "Verdict fail that is not baselined, by severity."),
        **{"pass": _COUNT, "fail": _COUNT},
        unknown=_say(_COUNT, "Not judged because something is missing; never a pass."),
        waived=_COUNT,
        not_applicable=_COUNT,
        baselined=_COUNT,
        skipped_files=_COUNT,
        skipped_rules=_TEXTS,
        files=_COUNT,
        entities=_say(numbers, "How many systems, interfaces and so on were judged."),
        rules=_rows("rule_count", "Every enabled rule, with how often it gave each verdict."),
    )


def _rule_count() -> dict[str, Any]:
    return _object(
        "How often one rule gave each verdict.",
        rule=_TEXT,
        **{"pass": _COUNT, "fail": _COUNT},
        unknown=_COUNT,
        waived=_COUNT,
        not_applicable=_COUNT,
        missing=_say(_TEXTS, "Absent fields behind unknown, most frequent first."),
    )


def _finding() -> dict[str, Any]:
    return _object(
        "A rule's result on a subject.",
        rule=_TEXT,
        name=_TEXT,
        verdict={"enum": list(VERDICTS)},
        severity={"enum": list(SEVERITIES)},
        subject=_TEXT,
        message=_TEXT,
        fix=_TEXT,
        locations=_rows("location", "Where to look, the best place first."),
        related=_rows("evidence", "Further places, with a word on each."),
        evidence=_rows("evidence", "The chain of facts that the verdict rests on."),
        owner=_MAYBE_TEXT,
        domain=_MAYBE_TEXT,
        stage=_say(_TEXT, "The stage that the rule blocks; report blocks none."),
        fingerprint=_say(_TEXT, "Identity across runs: free of lines, messages, paths and dates."),
        waiver=_say(_MAYBE_TEXT, "Id of the waiver in force."),
        baselined={"type": "boolean"},
    )


def _evidence() -> dict[str, Any]:
    location = {"anyOf": [{"$ref": "#/$defs/location"}, {"type": "null"}]}
    return _object("A fact in words, and where it stands.", text=_TEXT, location=location)


def _location() -> dict[str, Any]:
    return _object(
        "A place in a file. Lines and columns count from 1; 0 means not known.",
        path=_say(_TEXT, "Relative to the workspace, with forward slashes."),
        line=_COUNT,
        column=_COUNT,
        end_line=_COUNT,
        end_column=_say(_COUNT, "Exclusive."),
        pointer=_say(_TEXT, "RFC 6901 JSON Pointer."),
    )


def _example() -> dict[str, Any]:
    from retailctl.model.finding import Finding
    from retailctl.model.report import Report, RuleCount, Summary
    from retailctl.report.json_report import document

    finding = Finding(
        rule="OWN-01",
        name="interface-has-owner",
        verdict="fail",
        severity="error",
        subject="shopify-orders",
        message="shopify-orders has no owner",
        fix="Add owner: <team> to the interface.",
        fingerprint="0123456789abcdef",
    )
    summary = Summary(
        verdict="fail",
        exit_code=1,
        fail_on="error",
        by_severity={"error": 1},
        failed=1,
        rules=(RuleCount(rule="OWN-01", fail=1),),
    )
    return document(
        Report(
            command="audit",
            tool_version="0.1.0",
            as_of="2026-01-31",
            workspace="estate",
            summary=summary,
            findings=(finding,),
        )
    )
