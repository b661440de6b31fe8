"""The figures of a tree of addons: one row per module, and their totals. Test modules are apart and have no figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, Final

from retailctl.inventory.addons.facts import ModuleFacts, Record
from retailctl.inventory.addons.routes import is_webhook_like
from retailctl.inventory.addons.tokens import tells

_MINUTES: Final = {"minutes": 1, "hours": 60, "days": 1440, "weeks": 10_080, "months": 43_200}
_OFTEN: Final = 15
_UNITS: Final = {"minutes": "m", "hours": "h", "days": "d", "weeks": "w"}
COUNTED: Final = (
    "python_files", "xml_files", "test_files", "routes", "bare_overrides", "wrapped", "paths", "constant_paths",
    "unresolved_paths", "exposed", "exposed_without_csrf", "webhook_like", "crons", "crons_in_data", "crons_in_demo",
    "crons_often", "crons_inactive", "records", "calls", "calls_by_helper", "calls_iap", "no_timeout", "verify_off",
    "urls", "plain_http", "secrets", "queue_jobs", "open_access", "problems",
)  # fmt: skip


def row_of(facts: ModuleFacts) -> dict[str, Any]:
    """The figures of one module; what they mean is in the documentation, one line each."""
    routes = [route for route in facts.routes if not route.wrapped]
    paths = [path for route in routes for path in route.paths]
    crons = facts.of_model("ir.cron")
    manifest = facts.manifest
    hosts = sorted({url.host for url in _urls(facts) if url.standing == "real"})
    return {
        "module": facts.technical,
        "path": facts.path,
        "version": manifest.version,
        "license": manifest.license,
        "installable": manifest.installable,
        "application": manifest.application,
        "auto_install": manifest.auto_install,
        "depends": list(manifest.depends),
        "external_dependencies": {kind: list(names) for kind, names in sorted(manifest.external.items())},
        "tells": list(tells(facts.technical)),
        "test": facts.is_test,
        "python_files": facts.python_files,
        "xml_files": facts.xml_files,
        "test_files": facts.test_files,
        "routes": len(routes),
        "bare_overrides": sum(route.bare for route in routes),
        "wrapped": sum(bool(route.wrapped) for route in facts.routes),
        "paths": sum(path.via != "unresolved" for path in paths),
        "constant_paths": sum(path.via == "constant" for path in paths),
        "unresolved_paths": sum(path.via == "unresolved" for path in paths),
        "exposed": sum(route.exposed for route in routes),
        "exposed_without_csrf": sum(route.unprotected for route in routes),
        "webhook_like": sum(is_webhook_like(path.text) for path in paths),
        "auth": _counts(str(route.auth or "unresolved") for route in routes if route.own),
        "type": _counts(str(route.type or "unresolved") for route in routes if route.own),
        "csrf_off": sum(route.own and route.csrf is False for route in routes),
        "crons": len(crons),
        "crons_in_data": sum(record.loaded == "data" for record in crons),
        "crons_in_demo": sum(record.loaded == "demo" for record in crons),
        "crons_often": sum(is_often(record) for record in crons),
        "crons_inactive": sum(is_inactive(record) for record in crons),
        "records": len(facts.records),
        "models": _counts(record.model for record in facts.records),
        "calls": sum(call.kind == "direct" for call in facts.calls),
        "calls_by_helper": sum(call.kind == "helper" for call in facts.calls),
        "calls_iap": sum(call.kind == "iap" for call in facts.calls),
        "libraries": _counts(call.api.partition(".")[0] for call in facts.calls if call.kind == "direct"),
        "no_timeout": sum(call.no_timeout for call in facts.calls),
        "verify_off": facts.verify_off,
        "urls": facts.texts,
        "plain_http": sum(url.plain_http for url in facts.urls),
        "hosts": hosts,
        "secrets": len(facts.secrets) + sum(len(record.secrets) for record in facts.records),
        "queue_jobs": facts.delayed,
        "open_access": facts.open_access,
        "problems": len(facts.problems),
    }


def totals_of(rows: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """The sums over the modules that are no tests; ``hosts`` is how many different ones there are."""
    kept = list(rows)
    own = [row for row in kept if not row["test"]]
    found: dict[str, Any] = {
        "modules": len(own),
        "test_modules": len(kept) - len(own),
        "installable": sum(row["installable"] for row in own),
        "licenses": _counts(row["license"] or "none" for row in own),
    }
    found |= {name: sum(row[name] for row in own) for name in COUNTED}
    found["test_files"] = sum(row["test_files"] for row in kept)
    for name in ("auth", "type", "models", "libraries"):
        tally: Counter[str] = Counter()
        for row in own:
            tally.update(row[name])
        found[name] = dict(sorted(tally.items()))
    found["csrf_off"] = sum(row["csrf_off"] for row in own)
    found["hosts"] = len({host for row in own for host in row["hosts"]})
    return found


def schedule_of(record: Record) -> str | None:
    """``15m``, ``1h``, ``2w`` or ``1 months`` of a cron; None where the record does not say both parts."""
    number, unit = record.fields.get("interval_number", ""), record.fields.get("interval_type", "")
    if not number.strip().isdecimal() or unit not in _MINUTES:
        return None
    return f"{int(number)}{_UNITS[unit]}" if unit in _UNITS else f"{int(number)} {unit}"


def is_often(record: Record) -> bool:
    """Does a cron run every 15 minutes or more often?"""
    number, unit = record.fields.get("interval_number", ""), record.fields.get("interval_type", "")
    return number.strip().isdecimal() and unit in _MINUTES and int(number[:9]) * _MINUTES[unit] <= _OFTEN


def is_inactive(record: Record) -> bool:
    """Is a cron switched off as it is delivered?"""
    return record.fields.get("active", "").strip().lower() in ("false", "0")


def details_of(facts: ModuleFacts) -> Iterator[dict[str, Any]]:
    """What stands behind the figures of a module, one row per thing with its place."""
    for route in facts.routes:
        yield {
            "what": "wrapped route" if route.wrapped else "bare override" if route.bare else "route",
            "place": f"{route.path}:{route.line}",
            "function": route.function,
            "paths": [path.text or f"unresolved at line {path.line}" for path in route.paths],
            "auth": route.auth if route.own else None,
            "type": route.type if route.own else None,
            "csrf": route.csrf if route.own else None,
            "methods": list(route.methods) if route.own and route.methods is not None else None,
            "cors": route.cors if route.own else None,
            "spread": route.spread or None,
            "decorator": route.wrapped or None,
        }
    for call in facts.calls:
        yield {
            "what": f"{call.kind} call",
            "place": f"{call.path}:{call.line}",
            "api": call.api,
            "no_timeout": call.no_timeout,
            "verify_off": call.verify_off,
            "url": call.url or None,
        }
    for record in facts.records:
        yield {
            "what": "record",
            "place": f"{record.path}:{record.line}",
            "model": record.model,
            "id": record.xml_id,
            "loaded": record.loaded,
            "fields": dict(record.fields),
            "schedule": schedule_of(record) if record.model == "ir.cron" else None,
        }
    for url in _urls(facts):
        yield {
            "what": "address",
            "place": f"{url.path}:{url.line}",
            "host": url.host,
            "scheme": url.scheme,
            "standing": url.standing,
        }
    for secret in (*facts.secrets, *(one for record in facts.records for one in record.secrets)):
        yield {
            "what": "credential-like value",
            "place": f"{secret.path}:{secret.line}",
            "name": secret.name,
            "shaped": secret.shaped,
        }


def _urls(facts: ModuleFacts) -> Iterator[Any]:
    yield from facts.urls
    for record in facts.records:
        yield from record.urls


def _counts(names: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(names).items()))
