"""A hand-written api and report package: the commands are tested against the signatures, not the estate.

Also runs as a script (`python fakes.py ARGS`): the real `main`, in a process of its own, on these fakes.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any, Literal, NamedTuple

from retailctl.errors import ConfigError, IncompleteError, Location
from retailctl.model.finding import Finding
from retailctl.model.report import Report, Summary
from retailctl.report.formats import FORMATS

NASTY = "pos\x1b]0;owned\x07 [red]x[/red] \u202eevil"
SECRET = "ghp_" + "a1B2c3" * 6


@dataclass(frozen=True)
class AuditOptions:
    as_of: date | None = None
    rules: tuple[str, ...] = ()
    skip_rules: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    fail_on: str | None = None
    fail_on_unknown: bool | None = None
    no_waivers: bool = False
    baseline: Path | None = None
    jobs: int = 1
    config: Path | None = None
    no_config: bool = False
    allow_partial: bool = False
    use_cache: bool = True
    picture: bool = False


class FakeApi(ModuleType):
    """Answers with small fixed data, and remembers how it was asked."""

    AuditOptions = AuditOptions
    SCHEMA_KINDS = ("inventory", "waivers")

    def __init__(self) -> None:
        super().__init__("retailctl.api")
        self.calls: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = []
        self.exit_code = 1
        self.before: Callable[[], None] = lambda: None
        self.rows: list[dict[str, Any]] = [
            {"id": "pos-sales", "owner": "team-stores", "tags": ["a", "b"], "as_of": date(2026, 1, 2)},
            {"id": NASTY, "owner": "=HYPERLINK(1)", "calls": -12.5},
        ]

    def _asked(self, name: str, *args: Any, **kwargs: Any) -> None:
        self.calls.append((name, args, kwargs))
        self.before()

    def audit(self, root: Path | None, options: Any) -> Report:
        self._asked("audit", root, options)
        finding = Finding(
            rule="OWN-01",
            name="no-owner",
            verdict="fail",
            severity="error",
            subject=NASTY,
            message=f"has no owner; see https://etl:hunter2@db/x and {SECRET}",
            locations=(Location("inventories/pos.yaml", 3, 5),),
        )
        verdict: Literal["fail", "pass"] = "fail" if self.exit_code else "pass"
        severities = {"error": self.exit_code}
        summary = Summary(
            verdict=verdict,
            exit_code=self.exit_code,
            fail_on="error",
            by_severity=severities,
        )
        return Report(
            command="audit",
            tool_version="0",
            as_of="2026-01-02",
            workspace="w",
            summary=summary,
            findings=(finding,) * 3,
        )

    inventory_check = audit

    def inventory_list(self, root: Path | None, kind: str, *, where: Any, options: Any) -> list[dict[str, Any]]:
        self._asked("inventory_list", root, kind, where=where, options=options)
        return self.rows

    def inventory_show(self, root: Path | None, id: str, options: Any) -> dict[str, Any]:
        self._asked("inventory_show", root, id, options)
        return {
            "id": id,
            "entry": {"owner": NASTY},
            "sightings": [{"source": "register", "path": "a.yaml:3"}],
            "gone": None,
        }

    def graph_show(self, root: Path | None, options: Any) -> dict[str, Any]:
        self._asked("graph_show", root, options)
        return {"systems": 12, "density": 0.25, "hubs": [{"system": "esb", "degree": 9}], "cycles": []}

    def explain(self, what: str, root: Path | None, options: Any) -> dict[str, Any]:
        self._asked("explain", what, root, options)
        if what == "NOPE":
            raise ConfigError("no rule NOPE", hint="did you mean NOPE-1?", at=Location("policies/x.yaml", 2))
        return {
            "id": what,
            "name": "no-owner",
            "title": "Every interface has an owner.",
            "why": NASTY,
            "good": "{a: b}\n",
        }

    def explain_all(self, root: Path | None) -> list[dict[str, Any]]:
        return [self.explain("OWN-01", root, AuditOptions()), self.explain("OWN-02", root, AuditOptions())]

    def policy_list(self, root: Path | None, options: Any) -> list[dict[str, Any]]:
        self._asked("policy_list", root, options)
        return [{"id": "OWN-01", "severity": "error", "stage": "design", "title": "Every interface has an owner."}]

    def policy_test(self, root: Path | None, packs: tuple[str, ...]) -> dict[str, Any]:
        self._asked("policy_test", root, packs)
        failures = [{"rule": "OWN-01", "case": "bad", "expected": "fail", "got": "pass"}]
        return {"ok": not self.exit_code, "cases": 7, "failures": failures if self.exit_code else []}

    def waiver_list(self, root: Path | None, options: Any) -> list[dict[str, Any]]:
        self._asked("waiver_list", root, options)
        return []

    def waiver_add(self, root: Path | None, **fields: Any) -> dict[str, Any]:
        self._asked("waiver_add", root, **fields)
        return {"path": "policies/waivers.yaml", "id": "w-1"}

    def baseline_write(self, root: Path | None, *, update: bool, options: Any, **more: Any) -> dict[str, Any]:
        self._asked("baseline_write", root, update=update, options=options, **more)
        return {"path": "policies/baseline.json", "added": 1, "removed": ["x"], "kept": 3}

    def baseline_show(self, root: Path | None, options: Any, against: str | None) -> dict[str, Any]:
        self._asked("baseline_show", root, options)
        return {"entries": 3, "stale": [{"fingerprint": "abc", "rule": "OWN-01"}]}

    def schema(self, kind: str) -> dict[str, Any]:
        return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": kind}

    def init(self, path: Path, name: str | None) -> list[str]:
        self._asked("init", path, name)
        return ["retailctl.yaml", "inventories/systems.yaml"]

    def doctor(self, root: Path | None, options: Any, config_only: bool) -> dict[str, Any]:
        self._asked("doctor", root, options, config_only)
        return {"version": "0", "settings": [{"key": "fail-on", "value": "error", "origin": "default"}]}


class Line(NamedTuple):
    text: str
    style: str


@dataclass(frozen=True)
class RenderOptions:
    quiet: bool = False
    width: int = 100
    include_waived: bool = False


def render(report: Report, name: str, options: RenderOptions) -> Iterator[str]:
    if name == "junit":
        raise ZeroDivisionError("a renderer with a bug, and a token=" + SECRET)
    if name in ("json", "sarif", "gitlab"):
        import json

        texts = [finding.message for finding in report.findings]
        yield json.dumps({"count": len(texts), "messages": texts}) + "\n"
        return
    yield from (f"{name} {finding.rule} {finding.message}\n" for finding in report.findings)


def lines(report: Report, options: RenderOptions) -> Iterator[Line]:
    if not options.quiet:
        yield Line("FAIL", "verdict-fail")
    yield from (Line(f"{finding.rule} {finding.subject} {finding.message}", "error") for finding in report.findings)


def modules(api: FakeApi) -> dict[str, ModuleType]:
    """The fakes by module name."""
    made = {name: ModuleType(f"retailctl.report.{name}") for name in ("formats", "text", "options")}
    made["formats"].render = render  # type: ignore[attr-defined]
    made["formats"].FORMATS = FORMATS  # type: ignore[attr-defined]
    made["text"].lines = lines  # type: ignore[attr-defined]
    made["options"].RenderOptions = RenderOptions  # type: ignore[attr-defined]
    return {"retailctl.api": api, **{f"retailctl.report.{name}": module for name, module in made.items()}}


def _start_and_wait() -> None:
    sys.stderr.write("started\n")
    sys.stderr.flush()
    time.sleep(30)


def _script() -> int:
    import retailctl
    import retailctl.report  # noqa: F401 - the fakes are set on the package
    from retailctl.cli.main import main

    api = FakeApi()
    behaviour = os.environ.get("FAKE", "")
    if behaviour == "slow":
        api.before = _start_and_wait
    if behaviour == "many":
        api.rows = [{"id": f"interface-{number:06}"} for number in range(50_000)]
    if behaviour == "partial":
        api.before = _raise_incomplete
    sys.modules.update(modules(api))
    for name, module in modules(api).items():
        parent, _, leaf = name.rpartition(".")
        setattr(sys.modules[parent], leaf, module)
    return main()


def _raise_incomplete() -> None:
    raise IncompleteError("permission denied", at=Location("inventories/pos.yaml"))


if __name__ == "__main__":
    sys.exit(_script())
