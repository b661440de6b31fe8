"""Path templates that are known before logs are read: from the keys of the inventory, from contracts of the workspace
and from the contracts of the same scan."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from retailctl.api.session import Session
from retailctl.errors import IncompleteError, InputError
from retailctl.inventory.path_templates import PathTemplates
from retailctl.inventory.urls import url_of
from retailctl.model.estate import Estate
from retailctl.model.interface_key import HttpKey
from retailctl.model.seen import Seen


def templates_of(session: Session, estate: Estate) -> PathTemplates:
    """By every name of a system, since a log knows a host and nothing else."""
    known = PathTemplates()
    names: dict[str, list[str]] = defaultdict(list)
    for entry in estate.of("system").values():
        names[entry.id] = [entry.id, *(entry.noun.aliases or ())]
    for entry in estate.of("interface").values():
        noun = entry.noun
        provider = noun.provider or (noun.key.provider if noun.key is not None else None)
        paths = [noun.key.address] if isinstance(noun.key, HttpKey) and noun.key.address else []
        if noun.contract:
            paths += _paths_of(session, noun.contract)
        for name in names.get(provider or "", [provider] if provider else []):
            for path in paths:
                known.add(name, path)
        for endpoint in noun.endpoints or ():
            url = url_of(endpoint.url)
            if url is not None and url.scheme in ("http", "https"):
                known.add(url.host, url.path)
                for path in paths:
                    known.add(url.host, path)
    return known


def learn(known: PathTemplates, seen: Iterable[Seen]) -> None:
    """Take over the paths of contracts that were just read."""
    for one in seen:
        if isinstance(one.key, HttpKey) and one.key.address and "{" in one.key.address:
            known.add(one.provider or one.key.provider or "*", one.key.address)


def _paths_of(session: Session, contract: str) -> list[str]:
    try:
        data: Any = session.documents.read(contract, owned=False).data
    except (InputError, IncompleteError):
        return []  # whether a contract is sound is for contract lint
    paths = data.get("paths") if isinstance(data, Mapping) else None
    if not isinstance(paths, Mapping):
        return []
    bases = [""]
    servers = data.get("servers")
    for server in servers if isinstance(servers, list) else ():
        text = server.get("url") if isinstance(server, Mapping) else None
        url = url_of(text) if isinstance(text, str) else None
        base = url.path if url is not None else text if isinstance(text, str) and text.startswith("/") else ""
        if base and base.rstrip("/") not in bases:
            bases.append(base.rstrip("/"))
    if isinstance(data.get("basePath"), str):
        bases.append(data["basePath"].rstrip("/"))
    return [f"{base}{path}" for base in bases for path in map(str, paths) if path.startswith("/")]
