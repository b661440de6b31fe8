"""What one n8n node calls: a request, a database, a queue, a file or mail server, or the service it is named after."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from retailctl.inventory.flows import n8n_nodes as types
from retailctl.inventory.flows.commands import reached_by
from retailctl.inventory.flows.loose import mapping, number, text
from retailctl.inventory.flows.n8n_odoo import odoo_fields
from retailctl.inventory.flows.notes import Notes, Place
from retailctl.model.interface_key import EventKey, FileKey, HttpKey, InterfaceKey, MailKey, RpcKey, SqlKey
from retailctl.model.seen import Seen, SeenConsumer

_CALL: Final = re.compile(
    r"(?:\bfetch|\baxios(?:\.\w{1,10})?|\bgot(?:\.\w{1,10})?|\w{0,20}[rR]equest\w{0,20}|\brequests\.\w{1,10})\s{0,3}\(\s{0,3}"
    r"(?:\{[^{}]{0,200}?\b(?:url|uri)\s{0,3}:\s{0,3})?[\"'`](https?://[^\"'`\s]{1,500})[\"'`]"
)
_READS: Final = re.compile(r"^\s*=?\s*(?:select|show|describe|explain)\b", re.IGNORECASE)
_WRITES: Final = re.compile(r"^\s*=?\s*(?:insert|update|delete|merge|truncate|replace)\b", re.IGNORECASE)
_NOT_A_NAME: Final = re.compile(r"[=/]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One node that is switched on. ``kind`` is its type without package, ``service`` what the type is named after."""

    notes: Notes
    place: Place
    kind: str
    service: str
    node: Mapping[str, Any]
    parameters: Mapping[str, Any]
    schedule: str
    figures: Mapping[str, Any]
    confidence: float

    @property
    def credentials(self) -> list[tuple[str, str]]:
        """(type, name) of the credentials that the node uses; a name may be missing."""
        told = mapping(self.node.get("credentials")).items()
        return [(kind, text(one) or text(mapping(one).get("name"))) for kind, one in told]

    @property
    def is_called(self) -> bool:
        """Does the service call this trigger, and is not asked on a schedule or listened to over another wire?"""
        return self.kind.endswith("Trigger") and bool(text(self.node.get("webhookId"))) and not self.schedule and bool(self.credentials)  # fmt: skip  # noqa: E501

    def values(self, *, reads: bool | None = None, **more: Any) -> dict[str, Any]:
        """Retry and schedule; with a schedule, reading is polling and writing a batch."""
        found: dict[str, Any] = {**retry_of(self.node), **more}
        if self.schedule:
            found["schedule"] = self.schedule
            if reads is not None:
                found["mode"] = "poll" if reads else "batch"
        return found


def retry_of(node: Mapping[str, Any]) -> dict[str, Any]:
    """Attempts after the first, as n8n bounds them (2 to 5 in all, 3 where nobody says)."""
    if node.get("retryOnFail") is not True:
        return {"resilience.retry.max": 0}
    tries = min(max(number(node.get("maxTries")) or 3, 2), 5)
    return {"resilience.retry.max": tries - 1, "resilience.retry.backoff": "fixed"}


def calls_of(step: Step, known: set[str]) -> Iterator[Seen]:
    """Interfaces of other systems that the node uses, and credentials; ``known`` are fingerprints told already."""
    if step.kind in types.SILENT:
        return
    calls = list(_calls(step))
    provider = next((one.provider for one in calls if one.kind == "interface"), "")
    provider = provider or (step.notes.host if step.kind in types.HOOKS else step.service if step.is_called else "")
    prefix = text(step.node.get("name")) or step.kind
    clear = list(step.notes.secrets(dict(step.parameters), step.place, prefix=prefix, provider=provider, known=known))
    for kind, name in step.credentials:
        figures = {"credential_type": kind, "workflow": step.figures.get("workflow")}
        yield step.notes.credential(step.place, name or kind, "", provider=provider, vault="n8n", figures=figures)
    yield from clear
    # A request without a credential of n8n signs in with what stands in clear in it.
    inline = next(iter(clear), None)
    for one in calls:
        if inline is not None and one.kind == "interface" and not any(user.identity for user in one.consumers):
            users = tuple(replace(user, identity=inline.name, secret=inline.secret) for user in one.consumers)
            yield replace(one, consumers=users)
        else:
            yield one


def _calls(step: Step) -> Iterator[Seen]:
    if step.kind in types.HTTP:
        yield from _request(step)
    elif step.kind in types.CODE:
        yield from _code(step)
    elif step.kind in types.COMMANDS:
        command = text(step.parameters.get(types.COMMANDS[step.kind]))
        for one in reached_by(command.lstrip("="), step.notes.variables):
            figures = {**step.figures, "tool": one.tool}
            yield from step.notes.call(
                one.target,
                step.place,
                method=one.method,
                identity=one.account,
                base=not one.method,
                values=step.values(),
                figures=figures,
                confidence=step.confidence,
            )
    elif step.kind == "odoo":
        yield _odoo(step)
    elif step.kind not in types.HOOKS and not step.is_called and (step.credentials or step.service in _WIRES):
        yield _service(step)


def _identity(step: Step) -> str:
    return next((name or kind for kind, name in step.credentials), "")


def _request(step: Step) -> Iterator[Seen]:
    where, methods = types.HTTP[step.kind]
    written = text(step.parameters.get(where))
    method = next((told for name in methods if (told := text(step.parameters.get(name)))), "")
    method = method.upper() if method.isalpha() else "" if method else "GET"
    method = "POST" if step.kind == "graphql" and not step.parameters.get("requestMethod") else method
    figures = {**step.figures, "authentication": _authentication(step)}
    values = step.values(reads=method in ("GET", "HEAD") if method else None)
    target = step.notes.target(written)
    if target is None:
        yield step.notes.seen(
            step.place,
            name=f"{step.figures.get('workflow')}: {step.figures.get('node')}",
            consumers=[SeenConsumer(name=step.notes.host, identity=_identity(step) or None)],
            values=values,
            figures={**figures, "written": written, "http_method": method},
            confidence=step.confidence,
        )
        return
    yield from step.notes.call(
        target,
        step.place,
        method=method,
        identity=_identity(step),
        values=values,
        figures=figures,
        confidence=step.confidence,
    )


def _authentication(step: Step) -> str:
    told = text(step.parameters.get("authentication"))
    kind = text(step.parameters.get("nodeCredentialType")) or text(step.parameters.get("genericAuthType"))
    return kind or ("" if told.startswith(("predefined", "generic")) else told)


def _code(step: Step) -> Iterator[Seen]:
    """Requests of code with a literal address: less sure than a node, for code may not get there."""
    known: set[str] = set()
    for name in types.CODE[step.kind]:
        for found in _CALL.finditer(text(step.parameters.get(name))[:200_000]):
            target = step.notes.target(found[1])
            if target is not None and target.url.clean not in known:
                known.add(target.url.clean)
                figures = {**step.figures, "code": True}
                sure = 0.6 * step.confidence
                yield from step.notes.call(target, step.place, values=step.values(), figures=figures, confidence=sure)


def _odoo(step: Step) -> Seen:
    resource = text(step.parameters.get("resource")) or "contact"
    model = _named(step.parameters.get("customResource")) if resource == "custom" else types.ODOO_MODELS.get(resource)
    operation = text(step.parameters.get("operation")) or "create"
    key = RpcKey(protocol="rpc", provider="odoo", model=model or None, method=types.ODOO_METHODS.get(operation))
    fields = odoo_fields(step.parameters)
    named = replace(step, figures={**step.figures, "fields": fields}) if fields else step
    return _seen(named, key, "odoo", pattern="rpc", operation=operation)


def _service(step: Step) -> Seen:
    credential = next((kind for kind, _ in step.credentials if kind in _WIRES), "")
    wire = _WIRES.get(step.service) or _WIRES.get(credential)
    name = _NOT_A_NAME.sub(" ", step.notes.text(_identity(step))).strip()
    operation = text(step.parameters.get("operation"))
    if wire is None:
        key = HttpKey(protocol="http", provider=step.service)
        return _seen(step, key, step.service, operation=operation)
    return wire(step, name or step.service)


def _seen(step: Step, key: InterfaceKey | None, provider: str, *, operation: str = "", **values: Any) -> Seen:
    does = types.OPERATIONS.get(operation)
    resource = _named(step.parameters.get("resource"))
    reads = does == "read" if does else True if step.kind.endswith("Trigger") else None
    told = step.values(reads=reads, **values)
    if does:
        told["operations"] = [does]
    return step.notes.seen(
        step.place,
        name=" ".join(filter(None, (provider, resource))),
        key=key,
        provider=provider,
        consumers=[SeenConsumer(name=step.notes.host, identity=_identity(step) or None)],
        values=told,
        figures={**step.figures, "resource": resource, "operation": operation if operation.isalnum() else ""},
        confidence=step.confidence,
    )


def _named(value: object) -> str:
    """A parameter that is a name, also in a resource locator (``{__rl, mode, value}``); nothing for an expression."""
    written = text(value) or text(mapping(value).get("value"))
    return "" if written.startswith("=") or "{{" in written else written


def _sql(step: Step, name: str) -> Seen:
    operation = text(step.parameters.get("operation"))
    query = text(step.parameters.get("query"))
    table = _named(step.parameters.get("table")) or _named(step.parameters.get("tableName"))
    table = table or _named(step.parameters.get("collection"))
    schema = _named(step.parameters.get("schema"))
    does = types.OPERATIONS.get(operation, "")
    reads = does == "read" or (not does and _READS.match(query) is not None)
    writes = does in ("create", "update", "delete") or (not does and _WRITES.match(query) is not None)
    key = SqlKey(
        protocol="sql",
        provider=name,
        database=name,
        table=".".join(filter(None, (schema, table))) or None,
        access="read" if reads else "write" if writes else None,
    )
    return _seen(step, key, name, operation=operation, pattern="db")


def _event(step: Step, name: str) -> Seen:
    credential = next((kind for kind, _ in step.credentials if kind in types.EVENTS), "")
    protocol = types.EVENTS.get(step.service) or types.EVENTS[credential]
    told = {
        field: _named(step.parameters.get(field)) for field in ("queue", "exchange", "routingKey", "topic", "topics")
    }
    key = EventKey(
        protocol=protocol,  # type: ignore[arg-type]
        provider=name,
        cluster=name,
        queue=told["queue"] or None,
        exchange=told["exchange"] or None,
        routing_key=told["routingKey"] or None,
        topic=told["topic"] or told["topics"] or None,
    )
    direction = "out" if step.kind.endswith("Trigger") else "in"
    return _seen(step, key, name, pattern="event", direction=direction, mode="async")


def _file(step: Step, name: str) -> Seen:
    operation = text(step.parameters.get("operation"))
    path = _named(step.parameters.get("path")) or _named(step.parameters.get("newPath"))
    folder, _, last = path.rpartition("/")
    directory, pattern = (folder, last) if "." in last or "*" in last else (path, "")
    protocol = "sftp" if text(step.parameters.get("protocol")) == "sftp" or step.service == "sftp" or any(kind == "sftp" for kind, _ in step.credentials) else "ftp"  # fmt: skip  # noqa: E501
    key = FileKey(
        protocol=protocol,  # type: ignore[arg-type]
        provider=name,
        host=name,
        directory=directory or None,
        pattern=pattern or None,
    )
    return _seen(step, key, name, operation=operation, pattern="file")


def _mail(step: Step, name: str) -> Seen:
    return _seen(step, MailKey(protocol="smtp", provider=name, host=name), name)


def _other(step: Step, name: str) -> Seen:
    return _seen(step, None, name)


_WIRES: Final[dict[str, Callable[[Step, str], Seen]]] = {
    **dict.fromkeys(types.SQL, _sql),
    **dict.fromkeys(types.EVENTS, _event),
    **dict.fromkeys(types.FILES, _file),
    **dict.fromkeys(types.MAIL, _mail),
    **dict.fromkeys(types.OTHER, _other),
}
