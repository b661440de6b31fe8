"""postman: requests of a collection (v2.0 and v2.1, folders included). A collection is intent, not use: confidence 0.3.

Each request is an interface of the host in its address, without a consumer: nobody knows who sent it when. Variables
are filled from the collection and the user, environment by environment; what is left stays symbolic, in a path as a
parameter. The way of signing in is inherited from folders, as Postman does. Secrets in clear, in requests, variables
and environment files (``*.postman_environment.json``), are fingerprints. Saved answers and scripts are not looked at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from retailctl.inventory.artefact import Artefact
from retailctl.inventory.flows.clear_secrets import bare, is_secret
from retailctl.inventory.flows.loose import inner, listing, mapping, text
from retailctl.inventory.flows.notes import Complaints, Notes
from retailctl.inventory.reading import Found, Reader, Reading
from retailctl.model.seen import Seen

Steps = tuple[str | int, ...]

_SCHEMA: Final = re.compile(
    r"schema\.(?:get)?postman\.com/(?:json/)?collection/v2|postman\.com/.*v2\.\d", re.IGNORECASE
)
_PARAMETER: Final = re.compile(r"(?<=/):([A-Za-z_]\w*)")
_SECRETS: Final = frozenset(
    {"password", "token", "value", "accesstoken", "clientsecret", "secretkey", "secret", "authkey"}
)
_SURE: Final = 0.3


def _detect(artefact: Artefact) -> float:
    if b'"info"' not in artefact.head and b"postman" not in artefact.head:
        return 0.0
    data = mapping(artefact.data)
    data = mapping(data.get("collection")) or data
    if _SCHEMA.search(text(inner(data, "info", "schema"))) and isinstance(data.get("item"), list):
        return 0.98
    if inner(data, "info", "_postman_id") and isinstance(data.get("item"), list):
        return 0.9
    return 0.9 if "_postman_variable_scope" in data and isinstance(data.get("values"), list) else 0.0


def _read(artefact: Artefact, reading: Reading) -> Iterator[Found]:
    document = artefact.document
    root = mapping(document.roots[0] if document is not None and document.roots else None)
    place: Steps = ("collection",) if isinstance(root.get("collection"), dict) else ()
    collection = mapping(root.get("collection")) or root
    notes = Notes.on("postman", artefact, reading)
    if isinstance(collection.get("values"), list) and "item" not in collection:
        yield from _variables(notes, ("values",), collection["values"])
        return
    if not isinstance(collection.get("item"), list):
        raise artefact.error("INP001", "holds no Postman requests", hint="export it as collection v2.1")
    told = mapping(collection.get("info"))
    known = {**_values(collection.get("variable")), **reading.variables}
    notes = replace(notes, variables=known)
    complaints = Complaints(artefact)
    yield from _variables(notes, (*place, "variable"), listing(collection.get("variable")))
    figures = {"collection": text(told.get("name"))}
    secrets: set[str] = set()
    auth = mapping(collection.get("auth"))
    for steps, item, way, folder in _requests((*place, "item"), collection["item"], auth, "", complaints):
        if isinstance(item, Mapping):
            yield from _request(notes, steps, item, way, {**figures, "folder": folder}, secrets)
        else:
            yield item
    yield from complaints.rest()


def _values(variables: object) -> dict[str, str]:
    found: dict[str, str] = {}
    for entry in listing(variables):
        told = mapping(entry)
        name = text(told.get("key")) or text(told.get("id"))
        value = text(told.get("value"))
        if name and value and told.get("disabled") is not True and not is_secret(name, value):
            found[name] = value
    return found


def _variables(notes: Notes, place: Steps, variables: list[Any]) -> Iterator[Seen]:
    for number, entry in enumerate(variables):
        told = mapping(entry)
        name, value = text(told.get("key")) or text(told.get("id")), text(told.get("value"))
        if is_secret(name, value) or (text(told.get("type")) == "secret" and is_secret("password", value)):
            yield notes.credential((*place, number), name, notes.reading.fingerprint(bare(value)))


_Row = tuple[Steps, Any, dict[str, Any], str]


def _requests(place: Steps, items: object, auth: dict[str, Any], folder: str, complaints: Complaints) -> Iterator[_Row]:
    """(place, item, way of signing in, folder) of every request, and (place, mistake, {}, "") of what is none."""
    for number, item in enumerate(listing(items)):
        steps = (*place, number)
        told = mapping(item)
        name = "/".join(filter(None, (folder, text(told.get("name")))))
        own = mapping(told.get("auth")) or auth
        if isinstance(told.get("item"), list):
            yield from _requests((*steps, "item"), told["item"], own, name, complaints)
        elif told.get("request"):
            yield steps, {"name": text(told.get("name")), "request": told["request"]}, own, folder
        else:
            for error in complaints.add("is neither a request nor a folder", steps, "export the collection again"):
                yield steps, error, {}, ""


def _request(
    notes: Notes, steps: Steps, item: Mapping[str, Any], auth: dict[str, Any], figures: dict[str, Any], known: set[str]
) -> Iterator[Seen]:
    request = item["request"]
    place = (*steps, "request")
    written = _address(request if isinstance(request, str) else inner(request, "url"))
    method = (text(inner(request, "method")) or "GET").upper()
    target = notes.target(_PARAMETER.sub(r"{{\1}}", written))
    provider = target.url.name if target is not None else ""
    own = mapping(inner(request, "auth"))
    kind = text((own or auth).get("type"))
    identity, secret = _sign_in(notes, own or auth)
    if secret and secret not in known:
        known.add(secret)
        yield notes.credential(place, identity, secret, provider=provider if own else "")
    headers = [entry for entry in listing(inner(request, "header")) if inner(entry, "disabled") is not True]
    clear = list(notes.secrets(headers, place, provider=provider, known=known))
    yield from clear
    if clear and not secret:
        identity, secret = clear[0].name, clear[0].secret
    shown = {**figures, "request": item["name"], "authentication": kind}
    if target is None:
        if written:
            yield notes.seen(
                place, name=item["name"] or written, figures={**shown, "http_method": method}, confidence=_SURE
            )
        return
    for seen in notes.call(target, place, method=method, identity=identity, secret=secret, figures=shown, confidence=_SURE):  # fmt: skip  # noqa: E501
        yield replace(seen, consumers=()) if seen.kind == "interface" else seen


def _address(url: object) -> str:
    """The address as written, or put together from its parts."""
    raw = text(url) or text(inner(url, "raw"))
    if raw:
        return raw
    host, path = inner(url, "host"), inner(url, "path")
    machine = text(host) or ".".join(text(part) for part in listing(host))
    if not machine:
        return ""
    rest = text(path) or "/".join(text(part) or text(inner(part, "value")) for part in listing(path))
    return f"{text(inner(url, 'protocol')) or 'https'}://{machine}/{rest.lstrip('/')}"


def _sign_in(notes: Notes, auth: Mapping[str, Any]) -> tuple[str, str]:
    """(account, fingerprint) of a way of signing in; v2.0 has a mapping of parameters, v2.1 a list."""
    kind = text(auth.get("type"))
    told = auth.get(kind)
    pairs = {text(inner(one, "key")): text(inner(one, "value")) for one in listing(told)} or {name: text(value) for name, value in mapping(told).items()}  # fmt: skip  # noqa: E501
    secret = next((value for name, value in sorted(pairs.items()) if name.lower() in _SECRETS and is_secret("password", value)), "")  # fmt: skip  # noqa: E501
    account = next((pairs[name] for name in ("username", "clientId", "accessKey", "key") if pairs.get(name) and "{{" not in pairs[name]), "")  # fmt: skip  # noqa: E501
    if not secret:
        return account, ""
    return account or f"{kind} token", notes.reading.fingerprint(bare(secret))


READER = Reader("postman", "Postman collection", _detect, _read)
