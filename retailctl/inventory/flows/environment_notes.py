"""What an environment tells, written down: interfaces of the hosts it names, and the secrets in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from retailctl.inventory.flows.clear_secrets import bare, in_address, is_secret
from retailctl.inventory.flows.environment import ENDS, Edge, Environment, edges_of
from retailctl.inventory.flows.notes import Notes, Place
from retailctl.model.seen import Seen, SeenConsumer


def write_down(
    notes: Notes,
    environment: Environment,
    consumer: str,
    place: Place,
    local: Callable[[str], str],
    wire: Callable[[str], str],
) -> Iterator[Seen]:
    """The edges and the secrets of one container. ``local`` gives the name of a service of the same file for a host,
    ``wire`` the scheme that it speaks where its image tells."""
    told: set[str] = set()
    edges = list(edges_of(environment, notes.variables, wire))
    keyed = {edge.target.url.host for edge in edges if edge.target.key(base=True) is not None}
    for edge in edges:
        if edge.target.key(base=True) is None and edge.target.url.host in keyed:
            continue  # another variable says more of the same host
        provider = local(edge.target.url.host)
        if provider == consumer:
            continue
        where = environment.places.get(edge.variable, place)
        identity, secret = _sign_in(notes, environment, edge, consumer)
        figures = {"evidence": "variable", "variable": edge.variable}
        for seen in _edge_seen(notes, edge, where, consumer, provider, identity, secret, figures):
            told.add(seen.secret)
            yield seen
    for name, service in environment.namesakes(local):
        if service != consumer:
            yield notes.seen(
                environment.places.get(name, place),
                name=service,
                provider=service,
                consumers=[SeenConsumer(name=consumer)],
                figures={"evidence": "variable", "variable": name, "value": "not in this file"},
                confidence=0.5,
            )
    yield from _clear(notes, environment, consumer, place, told)


def _clear(notes: Notes, environment: Environment, consumer: str, place: Place, told: set[str]) -> Iterator[Seen]:
    """The secrets in clear that no edge has told: an address may be none (loopback, telemetry) and hold a password."""
    for name, value in sorted(environment.values.items()):
        if name in environment.named:
            continue
        pairs = [("", bare(value))] if is_secret(name, value) else in_address(value)
        for account, secret in pairs:
            fingerprint = notes.reading.fingerprint(secret)
            if fingerprint not in told:
                told.add(fingerprint)
                shown = account or f"{consumer}/{name}"
                yield notes.credential(environment.places.get(name, place), shown, fingerprint)


def _edge_seen(
    notes: Notes,
    edge: Edge,
    where: Place,
    consumer: str,
    provider: str,
    identity: str,
    secret: str,
    figures: dict[str, str],
) -> Iterator[Seen]:
    if edge.target.key(base=True) is not None:
        if secret:
            yield notes.credential(where, identity, secret, provider=provider or edge.target.url.name)
        yield from notes.call(
            edge.target,
            where,
            consumer=consumer,
            identity=identity,
            secret=secret,
            provider=provider,
            base=True,
            figures=figures,
            confidence=0.8,
        )
        return
    other = provider or edge.target.url.name
    for _, value in edge.target.secrets:
        secret = notes.reading.fingerprint(value)
    identity = identity or edge.target.url.user or (edge.variable if secret else "")
    if secret:
        yield notes.credential(where, identity, secret, provider=other)
    shown = edge.target.url.name if edge.scheme in ("", "tcp") else edge.target.url.clean
    yield notes.seen(
        where,
        name=shown,
        provider=other,
        consumers=[SeenConsumer(name=consumer, identity=identity or None, secret=secret or None)],
        figures={**figures, "scheme": edge.scheme},
        confidence=0.8,
    )


def _sign_in(notes: Notes, environment: Environment, edge: Edge, consumer: str) -> tuple[str, str]:
    """(account or credential, fingerprint) of the variables beside an address: ``DB_USER``, ``DB_PASSWORD``."""
    if edge.secret:
        return edge.user or f"{consumer}/{edge.variable}", notes.reading.fingerprint(edge.secret)
    ends = ENDS.search(edge.variable)
    stem = edge.variable[: ends.start(1)] if ends else ""
    if not stem:
        return edge.user, ""
    names = [name for name in {**environment.values, **environment.named} if name.startswith(stem)]
    user = next((environment.values[name] for name in sorted(names) if re.fullmatch(r"(?i)user(?:_?name)?|login", name[len(stem) :]) and environment.values.get(name)), "")  # fmt: skip  # noqa: E501
    named = next((environment.named[name] for name in sorted(names) if name in environment.named and re.search(r"(?i)pass|token|key|secret", name)), "")  # fmt: skip  # noqa: E501
    clear = next((name for name in sorted(names) if is_secret(name, environment.values.get(name, ""))), "")
    if clear and not named:
        return user or f"{consumer}/{clear}", notes.reading.fingerprint(bare(environment.values[clear]))
    return named or user, ""
