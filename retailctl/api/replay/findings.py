"""What a replay found, as findings: one for each route, path and kind, with masked samples as evidence."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from retailctl.errors import Location
from retailctl.model.finding import Evidence, Finding, fingerprint
from retailctl.model.rule import Rule
from retailctl.parallel.replay.answers import HEADER, STATUS
from retailctl.parallel.replay.outcome import Outcome
from retailctl.parallel.replay.rule_rows import RULES, rule_of
from retailctl.parallel.replay.verdicts import SpotResult

Locate = Callable[[str], Location]
"""Route as reports call it -> its place in the plan."""


def replay_findings(made: Outcome, locate: Locate, recording: str) -> Iterator[Finding]:
    """Every finding of a run. ``recording`` is the file that the numbers of requests refer to."""
    sent = {route.route: route.requests for route in made.run.routes}
    for spot in made.spots:
        yield _of_spot(spot, sent[spot.route], locate, recording)
    for route, side, told, count in made.rejected:
        message = f"{route}: {count:,} of {sent[route]:,} answers of {side} cannot be compared ({told})"
        yield _unknown(RULES["RPL-13"], route, f"{side} {told}", message, locate)
    for route, why in made.silent:
        yield _unknown(RULES["RPL-14"], route, "", f"{route}: {why}", locate)


def _unknown(rule: Rule, route: str, pointer: str, message: str, locate: Locate) -> Finding:
    return Finding(
        rule=rule.id, name=rule.name, verdict="unknown", severity=rule.severity, subject=route, message=message,
        fix=rule.fix, locations=(locate(route),), stage=rule.stage, fingerprint=fingerprint(rule.id, route, pointer),
    )  # fmt: skip


def _of_spot(one: SpotResult, requests: int, locate: Locate, recording: str) -> Finding:
    broken = rule_of(one.spot, is_shape=one.judged.is_shape, hint=one.hint)
    rule = RULES["RPL-12"] if one.weight == "unsure" else broken
    path = _shown(one.spot[0])
    why = "; ".join(text for text in (one.judged.why, one.why_not_accepted) if text)
    accepted = one.accepted
    return Finding(
        rule=rule.id,
        name=rule.name,
        verdict="unknown" if one.weight == "unsure" else "waived" if accepted else "fail",
        severity="error" if one.weight == "error" else "warn" if rule.severity == "error" else rule.severity,
        subject=f"{one.route} {path}",
        message=f"{one.route} {_what(one, path)} in {one.requests:,} of {requests:,} requests; {why}{_example(one)}",
        fix=rule.fix,
        locations=(locate(one.route),),
        evidence=tuple(_evidence(one, recording)),
        stage=rule.stage,
        fingerprint=fingerprint(rule.id, one.route, f"{path} {one.spot[1]}"),
        waiver=f"{accepted.owner} until {accepted.expires}: {accepted.reason}" if accepted else None,
    )


def _what(one: SpotResult, path: str) -> str:
    """What differs, with the classes of its values where there is more to say than that it does."""
    words = {
        "MISSING_FIELD": "is gone", "EXTRA_FIELD": "is new", "MISSING_ITEM": "lacks items",
        "EXTRA_ITEM": "has more items", "DUPLICATE_ITEM": "repeats items", "ORDER": "has another order",
        "DUPLICATE_KEY": "has a key twice", "TYPE": "has another type",
    }  # fmt: skip
    if one.spot[0] == STATUS:
        return "status differs" + _statuses(one)
    classes = ", ".join(
        f"{kind} {count:,}" for kind, count in sorted(one.samples.classes.items()) if kind not in (one.spot[1], "VALUE")
    )
    return f"{path} {words.get(one.spot[1], 'differs')}" + (f" ({classes})" if classes else "")


def _statuses(one: SpotResult) -> str:
    rows = one.samples.statuses.most_common(3)
    return f" ({', '.join(f'{legacy} became {new}: {count:,}' for (legacy, new), count in rows)})" if rows else ""


def _example(one: SpotResult) -> str:
    """The first sample; the status has told its values already."""
    first = one.samples.rows[0] if one.samples.rows and one.spot[0] != STATUS else None
    return f"; request {first.number:,}: {first.text}" if first else ""


def _evidence(one: SpotResult, recording: str) -> Iterable[Evidence]:
    for sample in one.samples.rows:
        yield Evidence(f"request {sample.number:,}: {sample.text}", Location(recording, sample.line))


def _shown(path: str) -> str:
    if path == STATUS:
        return "status"
    return f"header {path.removeprefix(HEADER)}" if path.startswith(HEADER) else path or "the body"
