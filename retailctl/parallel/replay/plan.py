"""What a plan means: its paths, addresses and lists checked, and the rules that follow from it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

from retailctl.model.durations import seconds
from retailctl.model.replay_plan import HttpPlan, ReplayField, ReplayTarget
from retailctl.parallel.replay.gates import limit_of
from retailctl.parallel.replay.rules import NO_RULE, DiffRules, ListRule, PathRule, Tolerance, make_rules

Pointer = tuple[str | int, ...]
_LIST: Final = re.compile(r"keyed\(([^()\s]{1,200})\)|multiset|ordered")
_VARIABLE: Final = re.compile(r"RETAILCTL_[A-Z0-9_]{1,100}")
_OURS: Final = frozenset(("RETAILCTL_KEY", "RETAILCTL_CONFIG", "RETAILCTL_CACHE_DIR"))
_HOST: Final = re.compile(r"[A-Za-z0-9_.:-]{1,253}")
_TOKEN: Final = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}")
_INTO: Final = re.compile(r"path|query(\.\S{1,200})?|header\.[A-Za-z0-9-]{1,100}|body(\.\S{1,500})?")


class PlanProblem(NamedTuple):
    """What is wrong in a plan: where in the file, what, and the next step."""

    pointer: Pointer
    message: str
    hint: str


def plan_problems(plan: HttpPlan) -> Iterator[PlanProblem]:
    """Everything that the shape of the file does not show. A plan with a problem is not run."""
    files = [name for name in ("har", "ndjson", "access_log") if getattr(plan.requests, name)]
    if len(files) != 1:
        told = "names no file" if not files else f"names {len(files)} files"
        yield PlanProblem(("requests",), f"requests {told}", "Name one: har, ndjson or access_log.")
    hosts = frozenset(host.lower() for host in plan.allow_hosts)
    for side in ("legacy", "new"):
        yield from _target_problems(side, getattr(plan, side), hosts)
    if plan.legacy.base_url.rstrip("/") == plan.new.base_url.rstrip("/"):
        yield PlanProblem(("new", "base_url"), "legacy and new are the same address", "Name the new service.")
    yield from _route_problems(plan)
    yield from _place_problems(plan)
    if 0 < plan.noise.pairs < plan.noise.least:
        hint = "Raise pairs, lower least, or write `pairs: 0` to let every difference count."
        yield PlanProblem(("noise", "pairs"), "fewer pairs than noise.least: nothing could ever be decided", hint)
    for number, gate in enumerate(plan.gates or ()):
        if limit_of(gate) is None:
            hint = "Write a count (0), or a share: 0.01%, 50ppm; coverage and matched_ratio are shares: 99.9%."
            yield PlanProblem(("gates", number, "limit"), f"not a limit of {gate.metric}", hint)
    if plan.noise.keep is not None and seconds(plan.noise.keep) is None:
        yield PlanProblem(("noise", "keep"), "not a duration", "Write a duration such as 7d or 12h.")
    if pace(plan.rate) is None:
        yield PlanProblem(("rate",), "no pace", "Write pairs per second (20), the recorded speed (2x), or max.")


def _place_problems(plan: HttpPlan) -> Iterator[PlanProblem]:
    for path, text in (plan.lists or {}).items():
        if not _LIST.fullmatch(text):
            yield PlanProblem(("lists", path), "not a way to match items", "Write keyed(FIELD), multiset or ordered.")
    for number, header in enumerate(plan.headers):
        if not _TOKEN.fullmatch(header):
            yield PlanProblem(("headers", number), "not the name of a header", "Write a name such as content-type.")
    for number, row in enumerate(plan.correlate or ()):
        for index, place in enumerate(row.into):
            if not _INTO.fullmatch(place):
                hint = "Write path, query, query.NAME, header.NAME, body or body.PATH."
                yield PlanProblem(("correlate", number, "into", index), "not a place of a request", hint)


def _target_problems(side: str, target: ReplayTarget, hosts: Collection[str]) -> Iterator[PlanProblem]:
    at: Pointer = (side, "base_url")
    try:
        parts = urlsplit(target.base_url)
        host, _, userinfo = parts.hostname or "", parts.port, parts.username is not None or parts.password is not None
    except ValueError:
        yield PlanProblem(at, "not a valid address", "Write an address such as https://shop.example/api.")
        return
    if userinfo or "@" in parts.netloc:
        hint = "Take it out, and name a variable in headers_env instead."
        yield PlanProblem(at, "the address has a user or password in it", hint)
    elif parts.scheme not in ("http", "https") or not host or parts.query or parts.fragment:
        yield PlanProblem(at, "not an address of a service", "Write an address such as https://shop.example/api.")
    elif not _is_host(host):
        yield PlanProblem(at, "not the name of a host", "Write an address such as https://shop.example/api.")
    elif host not in hosts:
        yield PlanProblem(at, "the host is not one of allow_hosts", "Add it there, if it may be asked.")
    elif parts.scheme == "http" and not (target.allow_plaintext or is_local(host)):
        hint = "Write https, or add `allow_plaintext: true` if the service speaks nothing else."
        yield PlanProblem(at, "what is sent over http can be read on the way", hint)
    for header, variable in (target.headers_env or {}).items():
        if not _TOKEN.fullmatch(header):
            yield PlanProblem((side, "headers_env", header), "not the name of a header", "Correct the name.")
        if not _VARIABLE.fullmatch(variable) or variable in _OURS:
            hint = "Name a variable that begins with RETAILCTL_: a plan must not be able to send any other."
            yield PlanProblem((side, "headers_env", header), "not a variable that may be sent", hint)


def _is_host(name: str) -> bool:
    try:
        plain = name if name.isascii() else name.encode("idna").decode("ascii")
    except UnicodeError:
        return False
    return _HOST.fullmatch(plain) is not None


def is_local(host: str) -> bool:
    """True for this machine by its usual names; anything else needs https or the user's word."""
    return host in ("localhost", "127.0.0.1", "::1") or host.endswith(".localhost")


def _route_problems(plan: HttpPlan) -> Iterator[PlanProblem]:
    seen: set[tuple[str, str]] = set()
    for number, route in enumerate(plan.routes or ()):
        if not route.path.startswith("/") or "?" in route.path:
            hint = "Write a template such as /orders/{id}, without the query."
            yield PlanProblem(("routes", number, "path"), "not the path of a route", hint)
        if (route.method, route.path) in seen:
            yield PlanProblem(("routes", number), "the route is there twice", "Remove one of them.")
        seen.add((route.method, route.path))
        if route.idempotency_header is not None and not _TOKEN.fullmatch(route.idempotency_header):
            pointer = ("routes", number, "idempotency_header")
            yield PlanProblem(pointer, "not the name of a header", "Correct the name.")


def diff_rules(plan: HttpPlan) -> DiffRules:
    """The rules by which bodies are compared and samples are shown."""
    rows: dict[str, PathRule] = {}

    def put(path: str, **what: Any) -> None:
        rows[path] = replace(rows.get(path, NO_RULE), **what)

    for path in plan.ignore or ():
        put(path, ignored=True)
    for path in plan.maps or ():
        put(path, is_map=True)
    for path, text in (plan.lists or {}).items():
        put(path, list=_list_rule(text))
    for field in plan.fields or ():
        put(
            field.path,
            ignored=field.compare == "ignore" or rows.get(field.path, NO_RULE).ignored,
            tolerance=_tolerance(field),
            is_shown=field.pii == "none",
            is_dropped=field.pii == "drop",
            is_minor=field.severity == "info",
            scale=field.scale,
        )
    return make_rules(rows)


def _list_rule(text: str) -> ListRule:
    found = _LIST.fullmatch(text)
    if found is not None and found[1]:
        return ListRule("keyed", found[1])
    return ListRule("multiset" if text == "multiset" else "ordered")


def _tolerance(field: ReplayField) -> Tolerance | None:
    given = field.tolerance
    if field.compare == "minor_units":
        return Tolerance("abs", Decimal(str(1 if given is None else given)).scaleb(-field.scale))
    if field.compare in ("abs", "rel"):
        return Tolerance("abs" if field.compare == "abs" else "rel", Decimal(str(given or 0)))
    return None


class Pace(NamedTuple):
    """``per_second`` pairs, or the recorded speed times ``speed``; neither: as fast as the answers come."""

    per_second: float = 0.0
    speed: float = 0.0


def pace(text: str) -> Pace | None:
    """``20``, ``2x`` or ``max``; None for anything else."""
    if text == "max":
        return Pace()
    found = re.fullmatch(r"(\d{1,6}(?:\.\d{1,3})?)(x?)", text)
    if found is None or not float(found[1]):
        return None
    return Pace(speed=float(found[1])) if found[2] else Pace(per_second=float(found[1]))
