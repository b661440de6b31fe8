"""Facts about addons as sightings of the estate.

A module is no system: it runs inside the Odoo that it is installed in, and stands in the sightings as the connector.
A route is an interface that this Odoo offers; a host that the code calls is an interface that it consumes; a cron is a
job of it. That a path reads like a webhook is a figure: people come back to ``/pay/return`` too. Source code tells
what may run, not what is installed or used: the confidence says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

from retailctl.inventory.addons.facts import Call, ModuleFacts, Record, Route, SecretLiteral, UrlLiteral
from retailctl.inventory.addons.figures import is_inactive, schedule_of
from retailctl.inventory.addons.network import VERBS
from retailctl.inventory.addons.routes import is_webhook_like, template
from retailctl.inventory.reading import Reading
from retailctl.inventory.urls import key_of, url_of
from retailctl.model.interface_key import HttpKey, InterfaceKey, JobKey, MailKey
from retailctl.model.seen import Seen, SeenConsumer

SOURCE: Final = "odoo-addons"
_DECLARED: Final = 0.8  # it stands there; whether the module is installed is for the server to say
_SURE: Final = 0.7  # the address is written in the call itself
_MENTIONED: Final = 0.4  # an address in a module that calls out
_LITERAL: Final = 0.2  # nearly all of them are test values and paths
_MAIL_HOST: Final = {"ir.mail_server": "smtp_host", "fetchmail.server": "server"}


def sightings_of(facts: ModuleFacts, system: str, reading: Reading, *, literals: bool = False) -> Iterator[Seen]:
    """What one module says of the estate, in order of its files; ``literals`` adds credential-like values."""
    if facts.is_test:
        return
    for route in facts.routes:
        yield from _routes(facts, route, system, reading)
    for record in facts.records:
        if record.loaded != "demo":
            yield from _record(facts, record, system, reading, literals=literals)
    yield from _called(facts, system, reading)
    for secret in facts.secrets if literals else ():
        yield _credential(facts, secret, reading)


def _seen(place: str, reading: Reading, confidence: float, **more: Any) -> Seen:
    return Seen(
        source=SOURCE, ref=place, at=reading.as_of, environment=reading.environment, confidence=confidence, **more
    )


def _routes(facts: ModuleFacts, route: Route, system: str, reading: Reading) -> Iterator[Seen]:
    if route.bare:
        return
    figures = {
        "module": facts.technical,
        "function": route.function,
        **{name: value for name, value in (("auth", route.auth), ("route_type", route.type)) if value},
        **({"cors": route.cors} if route.cors else {}),
        **({"csrf": route.csrf} if route.csrf is not None else {}),
        **({"wrapped": route.wrapped} if route.wrapped else {}),
        **({"more_by_spread": True} if route.spread else {}),
    }
    for path in route.paths:
        if path.via == "unresolved" or not path.text:
            continue
        hook = is_webhook_like(path.text)
        notes = {
            **figures,
            **({"exposed": True} if route.exposed else {}),
            **({"webhook_like": True} if hook else {}),
            **({"open": True} if route.unprotected and not hook else {}),
        }
        # What only goes before a call is no interface of its own.
        methods = [method for method in route.methods or () if method not in ("OPTIONS", "HEAD")]
        for method in methods or route.methods or (None,):
            key = HttpKey(protocol="http", provider=system, method=method, address=template(path.text))
            yield _seen(
                f"{route.path}#L{path.line}",
                reading,
                _DECLARED,
                key=key,
                provider=system,
                values={"connector": facts.technical},
                figures=notes,
            )


def _record(facts: ModuleFacts, record: Record, system: str, reading: Reading, *, literals: bool) -> Iterator[Seen]:
    place = f"{record.path}#L{record.line}"
    fields = record.fields
    if record.model == "ir.cron":
        schedule = schedule_of(record)
        whole = record.xml_id if "." in record.xml_id else f"{facts.technical}.{record.xml_id}"
        yield _seen(
            place,
            reading,
            _DECLARED,
            key=JobKey(protocol="cron", provider=system, host=system, unit=whole),
            provider=system,
            name=fields.get("name", ""),
            values={
                "mode": "batch",
                "connector": facts.technical,
                **({"schedule": schedule} if schedule else {}),
                **({"name": fields["name"]} if fields.get("name") else {}),
            },
            figures={
                "module": facts.technical,
                "loaded": record.loaded,
                **({"active": False} if is_inactive(record) else {}),
                **({"model": fields["model_id"]} if fields.get("model_id") else {}),
            },
        )
    elif record.model == "endpoint.endpoint" and fields.get("route"):
        key = HttpKey(
            protocol="http",
            provider=system,
            method=(fields.get("request_method") or "").upper() or None,
            address=template(fields["route"]),
        )
        yield _seen(
            place, reading, _DECLARED, key=key, provider=system, values={"connector": facts.technical},
            figures={"module": facts.technical, "auth": fields.get("auth_type", "")},
        )  # fmt: skip
    host = fields.get(_MAIL_HOST.get(record.model, ""), "").strip()
    if host:
        mail = MailKey(protocol="smtp", provider=host.lower(), host=host.lower())
        yield _outgoing(facts, mail, place, system, reading, _SURE, {"record": record.model})
    for url in record.urls:
        if url.standing == "real" and (key_ := key_of_literal(url)) is not None:
            place = f"{url.path}#L{url.line}"
            whole = f"{url.scheme}://{url.host}{url.address}"
            notes = {"record": record.model}
            yield _outgoing(facts, key_, place, system, reading, _SURE, notes, urls=[whole])
    for secret in record.secrets if literals else ():
        yield _credential(facts, secret, reading)


def _called(facts: ModuleFacts, system: str, reading: Reading) -> Iterator[Seen]:
    """One sighting per address that stands in a call as a whole, and per host that code with calls only mentions."""
    known: set[str] = set()
    groups: dict[InterfaceKey, list[Call]] = {}
    for call in facts.calls:
        target = url_of(call.url)
        key = key_of(target, method=_verb(call)) if target is not None else None
        if target is not None and key is not None:
            known.add(target.name)
            groups.setdefault(key, []).append(call)
    for key, calls in groups.items():
        first = calls[0]
        notes: dict[str, Any] = {
            "calls": len(calls),
            **({"no_timeout": True} if any(call.no_timeout for call in calls) else {}),
            **({"verify_off": True} if any(call.verify_off for call in calls) else {}),
        }
        yield _outgoing(
            facts, key, f"{first.path}#L{first.line}", system, reading, _SURE, notes, urls=[call.url for call in calls]
        )
    mentioned: dict[str, list[UrlLiteral]] = {}
    for url in facts.urls if facts.calls else ():
        if url.standing == "real" and url.host not in known:
            mentioned.setdefault(url.host, []).append(url)
    for _, urls in sorted(mentioned.items()):
        host_key = _without_path(urls[0])
        if host_key is not None:
            notes = {"mentions": len(urls), **({"plain_http": True} if any(url.plain_http for url in urls) else {})}
            place = f"{urls[0].path}#L{urls[0].line}"
            yield _outgoing(facts, host_key, place, system, reading, _MENTIONED, notes)


def _verb(call: Call) -> str:
    name = call.api.rpartition(".")[2]
    return name if name in VERBS and name != "request" else ""


def _outgoing(
    facts: ModuleFacts,
    key: InterfaceKey,
    place: str,
    system: str,
    reading: Reading,
    confidence: float,
    notes: dict[str, Any],
    *,
    urls: Iterable[str] = (),
) -> Seen:
    environment = {"environment": reading.environment} if reading.environment else {}
    endpoints = [{"url": url, **environment} for url in sorted(set(urls)) if url.startswith("http")]
    return _seen(
        place,
        reading,
        confidence,
        key=key,
        provider=key.provider or "",
        consumers=(SeenConsumer(name=system),),
        values={"connector": facts.technical, **({"endpoints": endpoints} if endpoints else {})},
        figures={"module": facts.technical, **notes},
    )


def key_of_literal(url: UrlLiteral) -> InterfaceKey | None:
    """The key of an address that stands in a record: with its path."""
    found = url_of(f"{url.scheme}://{url.host}{url.address}")
    return key_of(found) if found is not None else None


def _without_path(url: UrlLiteral) -> InterfaceKey | None:
    """The key of a host that code mentions: which paths are called is put together when it runs."""
    if url.scheme in ("http", "https"):
        return HttpKey(protocol="http", provider=url.host)
    found = url_of(f"{url.scheme}://{url.host}")
    return key_of(found) if found is not None else None


def _credential(facts: ModuleFacts, secret: SecretLiteral, reading: Reading) -> Seen:
    return _seen(
        f"{secret.path}#L{secret.line}",
        reading,
        _LITERAL,
        kind="credential",
        name=f"{facts.technical}:{secret.name}",
        secret=secret.secret,
        values={"vault": "none"},
        figures={"module": facts.technical, **({"shaped": True} if secret.shaped else {})},
    )
