"""Changes of request bodies, responses, headers and links; every pair of schemas found becomes a slot."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from retailctl.contracts.api.model import MediaType, Parameter, Place, Response
from retailctl.contracts.changes.change import Collector, Pair
from retailctl.contracts.changes.media import is_json, match, parse
from retailctl.contracts.changes.slots import Kind

# (pair, kind, label, name of the media type or "", old, new) -> None
AddSlot = Callable[..., None]


def compare_body(pair: Pair, out: Collector, slot: AddSlot, *, ranges: bool) -> None:
    """The request body: there or not, required or not, its representations."""
    old, new = pair.old.body, pair.new.body
    if old is None or new is None:
        place = new.place if new else pair.new.place
        if new is not None:
            _report(
                pair, out, f"request-body-added-{'required' if new.required else 'optional'}", None, place, "request"
            )
        elif old is not None:
            _report(pair, out, "request-body-removed", old.place, pair.new.place, "request")
        return
    if old.required != new.required:
        id = f"request-body-became-{'required' if new.required else 'optional'}"
        _report(pair, out, id, old.place, new.place, "request")
    pairs, removed, added = match(old.content, new.content, ranges=ranges)
    for name in removed:
        _report(pair, out, "request-body-media-type-removed", old.content[name].place, new.place, "request", what=name)
    for name in added:
        _report(pair, out, "request-body-media-type-added", old.place, new.content[name].place, "request", what=name)
    for before, after in pairs:
        _media(pair, out, slot, "request-body", before, after, "")


def compare_responses(pair: Pair, out: Collector, slot: AddSlot, *, ranges: bool) -> None:
    """The statuses of an operation, and what is answered under those that both sides have.

    ``ranges``: ``2XX`` on one side stands for 200 on the other, and ``application/*`` for what is in it.
    """
    old, new = pair.old.responses, pair.new.responses
    for status in old:
        twins = [other for other in new if _in_range(status, other) or _in_range(other, status)] if ranges else []
        if status not in new and twins:
            _response(pair, out, slot, old[status], new[twins[0]], ranges=ranges)
        elif status not in new:
            _status(pair, out, "removed", status, old[status].place, pair.new.place.at("responses"))
    for status in new:
        if status not in old and ranges and any(_in_range(status, one) or _in_range(one, status) for one in old):
            continue
        if status not in old:
            _status(pair, out, "added", status, pair.old.place.at("responses"), new[status].place)
        else:
            _response(pair, out, slot, old[status], new[status], ranges=ranges)


def _status(pair: Pair, out: Collector, action: str, status: str, old: Place, new: Place) -> None:
    success = status.startswith("2") and len(status) == 3
    kind = "success" if success else "non-success"
    if status == "default":
        return
    _report(pair, out, f"response-{kind}-status-{action}", old, new, "response", what=status)


def _in_range(status: str, wide: str) -> bool:
    """True if a status is one of a range such as ``2XX``."""
    return wide[1:].upper() == "XX" and status[:1] == wide[:1] and status != wide


def _response(pair: Pair, out: Collector, slot: AddSlot, old: Response, new: Response, *, ranges: bool) -> None:
    status = new.status
    pairs, removed, added = match(old.content, new.content, ranges=ranges)
    for name in removed:
        _report(
            pair, out, "response-media-type-removed", old.content[name].place, new.place, "response",
            what=name, location=status,
        )  # fmt: skip
    for name in added:
        _report(
            pair, out, "response-media-type-added", old.place, new.content[name].place, "response",
            what=name, location=status,
        )  # fmt: skip
    for before, after in pairs:
        if before.name != after.name:
            _media_name(pair, out, before, after, status)
        _media(pair, out, slot, "response-body", before, after, status)
    _headers(pair, out, slot, old, new)
    if old.links or new.links:
        _links(pair, out, old, new)


def _media(pair: Pair, out: Collector, slot: AddSlot, kind: Kind, old: MediaType, new: MediaType, status: str) -> None:
    label = f"{status} {new.name}".strip()
    direction = "response" if status else "request"
    for before, after, item in ((old.schema, new.schema, ""), (old.item_schema, new.item_schema, " item")):
        if before is not None and after is not None:
            slot(pair, kind, label + item, before, after, old.place, new.place, strong=is_json(new.name))
        elif before is not None or after is not None:
            action = "added" if after is not None else "removed"
            name = "media-type-item-schema" if item else "media-type-schema"
            _report(
                pair, out, f"{kind}-{name}-{action}", old.place, new.place, direction, what=new.name, location=status
            )
    if status == "" and old.encoding != new.encoding:
        for name in sorted({*old.encoding, *new.encoding}):
            if _encoding(old.encoding.get(name)) != _encoding(new.encoding.get(name)):
                _report(
                    pair, out, "request-body-encoding-changed", old.place.at("encoding"), new.place.at("encoding"),
                    direction, what=name,
                )  # fmt: skip


def _encoding(raw: Any) -> Any:
    """An Encoding Object with its defaults: a list is written as repeated names (OpenAPI 3.1, Encoding Object)."""
    found = dict(raw) if isinstance(raw, dict) else {}
    style = found.get("style", "form")
    return {**found, "style": style, "explode": found.get("explode", style == "form")}


def _media_name(pair: Pair, out: Collector, old: MediaType, new: MediaType, status: str) -> None:
    before, after = parse(old.name), parse(new.name)
    if before.parameters != after.parameters:
        id = "response-media-type-name-changed"
    elif before.bare == after.bare:
        return
    else:
        general = not before.suffix and after.suffix == before.subtype
        id = f"response-media-type-name-{'specialized' if general else 'generalized'}"
    _report(pair, out, id, old.place, new.place, "response", what=new.name, old=old.name, new=new.name, location=status)


def _headers(pair: Pair, out: Collector, slot: AddSlot, old: Response, new: Response) -> None:
    before = {name.lower(): header for name, header in old.headers.items()}
    after = {name.lower(): header for name, header in new.headers.items()}
    for name, header in before.items():
        if name not in after:
            kind = "required" if header.required else "optional"
            _header(pair, out, f"{kind}-response-header-removed", header, None, old, new)
    for name, header in after.items():
        if name not in before:
            _header(pair, out, "response-header-added", None, header, old, new)
            continue
        twin = before[name]
        if twin.required and not header.required:
            _header(pair, out, "response-header-became-optional", twin, header, old, new)
        elif header.required and not twin.required:
            _header(pair, out, "response-header-became-required", twin, header, old, new)
        if twin.schema is not None and header.schema is not None:
            slot(
                pair, "response-header", f"{new.status} header {header.name}", twin.schema, header.schema,
                twin.place, header.place, strong=False,
            )  # fmt: skip


def _header(
    pair: Pair, out: Collector, id: str, old: Parameter | None, new: Parameter | None, before: Response, after: Response
) -> None:
    shown = new or old
    if shown is not None:
        _report(
            pair, out, id, old.place if old else before.place, new.place if new else after.place, "response",
            what=shown.name, location=after.status,
        )  # fmt: skip


def _links(pair: Pair, out: Collector, old: Response, new: Response) -> None:
    for name in sorted({*old.links, *new.links}):
        before, after = _link(old.links.get(name)), _link(new.links.get(name))
        if before == after:
            continue
        action = "added" if before is None else "removed" if after is None else "changed"
        _report(
            pair, out, f"response-link-{action}", old.place.at("links", name), new.place.at("links", name), "response",
            what=name, location=new.status,
        )  # fmt: skip


def _link(raw: Any) -> Any:
    return {key: value for key, value in raw.items() if key != "description"} if isinstance(raw, dict) else raw


def _report(
    pair: Pair,
    out: Collector,
    id: str,
    old_place: Place | None,
    new_place: Place | None,
    direction: str,
    /,
    what: str = "",
    location: str = "",
    **more: object,
) -> None:
    swapped = {"request": "response", "response": "request"}
    flow = swapped[direction] if pair.new.provider_sends else direction
    out.add(
        id,
        subject=pair.label,
        pointer=f"/{direction}/{location}/{what}",
        old_place=old_place,
        new_place=new_place,
        occurrences=pair.at(f"{location} {what}".strip()),
        what=what,
        direction=flow,
        location=location,
        **more,
    )
