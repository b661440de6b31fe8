"""Which models and fields of Odoo a workspace uses: its interfaces, contracts, maps and plans, each with its place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from retailctl.api.contracts.estate import promise_of
from retailctl.api.loading import Loaded
from retailctl.api.session import Session
from retailctl.errors import IncompleteError, InputError
from retailctl.inventory.upgrade.impact import Use
from retailctl.inventory.upgrade.schemas import body_fields, marked_fields
from retailctl.model.interface_key import HttpKey, JobKey, RpcKey
from retailctl.workspace.document import Document

_JSON2: Final = re.compile(r"^/json/2/(?P<model>[a-z0-9_]+(?:\.[a-z0-9_]+)*)/(?P<method>\w+)/?$")
_MAP: Final = re.compile(r"\.map\.ya?ml$")
_MODEL: Final = re.compile(r"^[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)+$")
_RECORD: Final = re.compile(r"^[a-z][a-z0-9_]*\.[\w-]+$")
_READS: Final = frozenset({"read", "search", "search_read", "search_count", "name_search", "read_group", "fields_get"})
_MANY: Final = 400  # sightings of one interface repeat themselves


def uses_of(session: Session, loaded: Loaded) -> list[Use]:
    """Every use, once, in order of place."""
    found = [
        *_of_maps(session, loaded), *_of_contracts(session, loaded), *_of_interfaces(session, loaded),
        *_of_plans(session),
    ]  # fmt: skip
    unique = {(use.by, use.model, use.path, use.record, str(use.at)): use for use in found}
    return sorted(unique.values(), key=lambda use: (use.at, use.by, use.model, use.path, use.record))


def _of_maps(session: Session, loaded: Loaded) -> Iterator[Use]:
    for path, map_ in loaded.maps.items():
        document = _document(session, path)
        for number, member in enumerate(map_.members):
            if member.model is None or document is None:
                continue
            about: dict[str, Any] = {
                "by": f"map {map_.set or _MAP.sub('', path.rpartition('/')[2])}",
                "owner": map_.owner,
                "domain": map_.domain,
            }
            yield Use(at=document.locate(("members", number)), model=member.model, **about)
            for name, said in (member.fields or {}).items():
                if said.dropped or (said.derived and not said.path):
                    continue
                at = document.locate(("members", number, "fields", name))
                yield Use(at=at, model=member.model, path=_steps(said.path or name), **about)


def _steps(path: str) -> tuple[str, ...]:
    """``order_line[].product_id.name`` as field names."""
    return tuple(part for part in path.replace("[]", "").replace("/", ".").split(".") if part)


def _of_interfaces(session: Session, loaded: Loaded) -> Iterator[Use]:
    for entry in loaded.estate.of("interface").values():
        noun = entry.noun
        at = session.documents.place(entry.origins[0])
        about: dict[str, Any] = {"by": f"interface {entry.id}", "owner": noun.owner, "domain": noun.domain}
        key = noun.key
        called: list[tuple[str, str]] = []
        if isinstance(key, RpcKey) and key.model:
            called.append((key.model, key.method or ""))
        elif isinstance(key, HttpKey) and (found := _JSON2.match(key.address or "")) is not None:
            called.append((found["model"], found["method"]))
        elif isinstance(key, JobKey) and key.unit and _RECORD.match(key.unit):
            yield Use(at=at, record=key.unit, **about)
        for model, method in called:
            yield Use(at=at, model=model, writes=_writes(method), **about)
        for sighting in (noun.sightings or ())[:_MANY]:
            for model, fields in _told(sighting.fields or {}, called[0][0] if called else ""):
                yield Use(at=at, model=model, **about)
                for name in fields:
                    yield Use(
                        at=at, model=model, path=_steps(name), writes=_writes(called[0][1] if called else ""), **about
                    )


def _writes(method: str) -> bool | None:
    return None if not method else method not in _READS


def _told(fields: Mapping[str, Any], model: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Models and fields that a reader saw in a call: ``model`` or ``models``, and ``fields``."""
    named = fields.get("model") or fields.get("odoo_model") or fields.get("models") or model
    models = [named] if isinstance(named, str) else named if isinstance(named, list | tuple) else []
    listed = fields.get("fields") or fields.get("odoo_fields") or ()
    by_model = listed if isinstance(listed, Mapping) else {}
    names = listed if isinstance(listed, list | tuple) else ()
    for one in models:
        if isinstance(one, str) and _MODEL.match(one):
            yield one, tuple(name for name in names if isinstance(name, str)) if len(models) == 1 else ()
    for one, some in by_model.items():
        if isinstance(one, str) and _MODEL.match(one) and isinstance(some, list | tuple):
            yield one, tuple(name for name in some if isinstance(name, str))


def _of_contracts(session: Session, loaded: Loaded) -> Iterator[Use]:
    for path in session.files.of("document"):
        document = _document(session, path)
        if document is None or not isinstance(document.data, Mapping):
            continue
        promise = promise_of(loaded, path)
        about: dict[str, Any] = {"by": f"contract {promise.id if promise is not None else path}"}
        if promise is not None:
            about |= {"owner": promise.owner, "domain": promise.domain}
        paths = document.data.get("paths")
        for address in paths if isinstance(paths, Mapping) else ():
            found = _JSON2.match(str(address))
            if found is None:
                continue
            here: dict[str, Any] = {**about, "model": found["model"], "writes": _writes(found["method"])}
            yield Use(at=document.locate(("paths", address)), **here)
            for steps, names in body_fields(document.data, ("paths", address)):
                yield Use(at=document.locate(steps), path=names, **here)
        for steps, model, name in marked_fields(document.data):
            yield Use(at=document.locate(steps), model=model, path=_steps(name), **about)


def _of_plans(session: Session) -> Iterator[Use]:
    """Sides of parallel runs that read a model: the columns of the plan, and the fields of the domain."""
    for path in session.files.of("parallel"):
        document = _document(session, path)
        if document is None or not isinstance(document.data, Mapping):
            continue
        sources = document.data.get("sources")
        for side in ("legacy", "new"):
            source = sources.get(side) if isinstance(sources, Mapping) else None
            odoo = source.get("odoo") if isinstance(source, Mapping) else None
            if not isinstance(odoo, Mapping) or not isinstance(odoo.get("model"), str):
                continue
            here: dict[str, Any] = {"model": odoo["model"], "writes": False}
            here["by"] = f"plan {path.rpartition('/')[2].partition('.')[0]}"
            at = ("sources", side, "odoo")
            yield Use(at=document.locate((*at, "model")), **here)
            for number, condition in enumerate(odoo.get("domain") or ()):
                if isinstance(condition, list) and len(condition) == 3:
                    place = document.locate((*at, "domain", number))
                    yield Use(at=place, path=_steps(str(condition[0])), **here)
            for number, name in _columns(document.data, side):
                yield Use(at=document.locate(("fields", number)), path=_steps(name), **here)


def _columns(plan: Any, side: str) -> Iterator[tuple[int, str]]:
    """(index of the field, column on that side) of a plan."""
    fields = plan.get("fields")
    for number, one in enumerate(fields if isinstance(fields, list) else ()):
        said = one.get(side) if isinstance(one, Mapping) else None
        name = said.get("col") if isinstance(said, Mapping) else said
        name = name or (one.get("name") if isinstance(one, Mapping) else None)
        if isinstance(name, str):
            yield number, name


def _document(session: Session, path: str) -> Document | None:
    """A file that can be read; what is wrong with one is for `audit` and `contract lint` to say."""
    try:
        return session.documents.read(path, owned=False)
    except (InputError, IncompleteError):
        return None
