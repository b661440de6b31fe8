"""``parallel replay``: recorded requests to both sides, and a verdict on their answers."""

from __future__ import annotations

import os
import secrets
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from retailctl import __version__
from retailctl.api.replay.findings import replay_findings
from retailctl.api.replay.keeping import history, keep, with_history
from retailctl.api.replay.options import ReplayOptions
from retailctl.api.replay.plans import LoadedPlan, injected, load_plan
from retailctl.api.replay.recordings import read_recording
from retailctl.api.verdicts import summarise
from retailctl.errors import Location, UsageError
from retailctl.model.finding import Finding
from retailctl.model.http_exchange import Asks
from retailctl.model.replay_plan import ReplayTarget
from retailctl.model.report import CoverageLine, Report, RuleCount
from retailctl.parallel.replay.answers import Comparer
from retailctl.parallel.replay.collect import Collector
from retailctl.parallel.replay.correlate import Aliases, Side
from retailctl.parallel.replay.outcome import Counted, Outcome, outcome
from retailctl.parallel.replay.plan import Pace, diff_rules, pace
from retailctl.parallel.replay.requests import Recording
from retailctl.parallel.replay.routes import Routed, Routes
from retailctl.parallel.replay.rule_rows import RULES
from retailctl.parallel.replay.run import ReplaySettings, replay
from retailctl.parallel.replay.samples import Masker, Pseudonyms
from retailctl.policy.order import settle
from retailctl.workspace.project_key import project_key

if TYPE_CHECKING:
    import ssl

_CODES = {"pass": 0, "fail": 1, "unknown": 3}


def parallel_replay(plan: str, root: Path | None, options: ReplayOptions) -> Report:
    """Send, compare, judge. Exit code 0 for pass, 1 for fail, 3 for unknown.

    Raises UsageError and ConfigError before anything is sent, IncompleteError for a recording that cannot be read or a
    workspace that cannot be written.
    """
    if options.offline:
        raise UsageError("a replay needs the network", hint="leave out --offline")
    loaded = load_plan(plan, root, options.run)
    speed = _pace(options.rate or loaded.plan.rate)
    headers = {side: injected(loaded, side, target) for side, target in _targets(loaded)}
    key, remark = project_key(loaded.root, os.environ)
    before = history(loaded)
    recording, file, name = read_recording(loaded, options.requests)
    routed = Routes(loaded.plan.routes or ()).route(recording.requests)
    aliases = Aliases(loaded.plan.correlate or ())
    rules = diff_rules(loaded.plan)
    comparer = Comparer(
        rules,
        tuple(header.lower() for header in loaded.plan.headers),
        (loaded.plan.legacy.base_url.rstrip("/"), loaded.plan.new.base_url.rstrip("/")),
        aliases,
        loaded.plan.max_parsed_kib * 1024,
    )
    collector = Collector(comparer, Masker(rules, Pseudonyms(key)), before.learned)
    token = secrets.token_hex(8)
    settings = ReplaySettings(
        pace=speed,
        workers=options.workers or loaded.plan.workers,
        pairs=loaded.plan.noise.pairs,
        learned=before.learned,
        aliases=aliases,
        idempotency_key=lambda number: f"retailctl-{token}-{number}",
    )
    ended = replay(routed, _connector(loaded, headers), collector.take, settings)
    counted = _counted(loaded, recording, routed, ended)
    records = collector.routes.values()
    made = outcome(records, loaded.plan, rules, counted, loaded.as_of)
    made = replace(made, run=with_history(made.run, before))
    notices = [*_notices(recording, name, ended, remark, before.remark), *map(str, made.uses)]
    if options.record:
        notices += keep(loaded, made, file, records, before)
    return _report(loaded, made, name, tuple(notices))


def _targets(loaded: LoadedPlan) -> tuple[tuple[Side, ReplayTarget], ...]:
    return ("legacy", loaded.plan.legacy), ("new", loaded.plan.new)


def _pace(text: str) -> Pace:
    found = pace(text)
    if found is None:
        raise UsageError(
            f"--rate: {text[:40]!r} is no pace", hint="write 20 (pairs per second), 2x (recorded speed) or max"
        )
    return found


def _connector(loaded: LoadedPlan, headers: dict[Side, tuple[tuple[str, str], ...]]) -> Callable[[Side], Asks]:
    from retailctl.connect.replay import Connection, ReplayClient, tls_context

    plan = loaded.plan
    lock = threading.Lock()
    made = cache(tls_context)

    def tls() -> ssl.SSLContext:
        with lock:  # made once: reading all authorities takes longer than a request
            return made()

    def connect(side: Side) -> Asks:
        target = plan.legacy if side == "legacy" else plan.new
        to = Connection(
            base_url=target.base_url,
            hosts=frozenset(host.lower() for host in plan.allow_hosts),
            headers=headers[side],
            kept=plan.headers,
            timeout=plan.timeout,
            most=plan.max_body_kib * 1024,
        )
        return ReplayClient(to, tls)

    return connect


def _counted(loaded: LoadedPlan, recording: Recording, routed: list[Routed], ended: str) -> Counted:
    not_sent = Counter(one.not_sent for one in routed if one.not_sent)
    return Counted(
        plan=loaded.name,
        plan_sha256=loaded.sha256,
        requests=len(routed) + recording.unusable.total(),
        sent=len(routed) - not_sent.total(),
        not_sent=not_sent,
        unusable=recording.unusable,
        ended=ended,
    )


def _notices(recording: Recording, name: str, ended: str, *remarks: str) -> tuple[str, ...]:
    notices = [f"{ended}; the run ended there" if ended else "", *remarks]
    if recording.secrets:
        notices.append(f"{recording.secrets:,} requests had a secret in the query; it was left out")
    for reason, count in sorted(recording.unusable.items()):
        place = f"{name}:{recording.first[reason]}" if recording.first[reason] else name
        notices.append(f"{place}: {count:,} records were not usable ({reason})")
    return tuple(text for text in notices if text)


def _report(loaded: LoadedPlan, made: Outcome, recording: str, notices: tuple[str, ...]) -> Report:
    places = {
        f"{row.method} {row.path}": loaded.document.locate(("routes", number))
        for number, row in enumerate(loaded.plan.routes or ())
    }
    top = Location(loaded.path, 1)
    findings = settle(replay_findings(made, lambda route: places.get(route, top), recording))
    if made.run.verdict != "fail":  # within the gates of the plan
        findings = tuple(replace(one, severity="warn") if one.severity == "error" else one for one in findings)
    code = _CODES[made.run.verdict]
    summary = summarise(
        findings, _counts(findings, made), code=code, fail_on="error", files=2, skipped_files=0, skipped_rules=(),
        entities={"routes": len(made.run.routes), "requests": made.run.requests},
    )  # fmt: skip
    return Report(
        command="parallel replay",
        tool_version=__version__,
        as_of=loaded.as_of.isoformat(),
        workspace=loaded.workspace or loaded.name,
        summary=replace(summary, verdict=made.run.verdict, replay=made.run),
        findings=findings,
        rules=tuple(RULES.values()),
        coverage=tuple(_coverage(made, recording)),
        notices=notices,
    )


def _coverage(made: Outcome, recording: str) -> Iterator[CoverageLine]:
    """What was compared, and what was not with the reason: outside of it nothing is known."""
    run = made.run
    routes = "1 route" if len(run.routes) == 1 else f"{len(run.routes):,} routes"
    compared = f"{run.compared:,} of {run.requests:,} requests compared, on {routes}"
    yield CoverageLine(source=recording, scope=compared, path="")
    for reason, count in (*run.not_sent.items(), *run.unusable.items()):
        yield CoverageLine(source="not sent", scope=f"{count:,}: {reason}")


def _counts(findings: tuple[Finding, ...], made: Outcome) -> list[RuleCount]:
    """A rule passes on each route that was compared and of which it says nothing."""
    compared = {route.route for route in made.run.routes if route.requests > route.classes.get("REJECTED", 0)}
    seen: dict[str, Counter[str]] = {rule: Counter() for rule in RULES}
    touched: dict[str, set[str]] = {rule: set() for rule in RULES}
    for one in findings:
        seen[one.rule][one.verdict] += 1
        touched[one.rule].update(route for route in compared if one.subject.startswith(route))
    return [
        RuleCount(
            rule=rule, pass_=len(compared - touched[rule]), fail=tally["fail"], unknown=tally["unknown"],
            waived=tally["waived"],
        )
        for rule, tally in seen.items()
    ]  # fmt: skip
