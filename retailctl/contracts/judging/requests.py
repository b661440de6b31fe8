"""Cases for what is no schema: the request that used to work, and does not any more."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from retailctl.contracts.api.model import ApiDocument, Operation
from retailctl.contracts.changes.change import Change
from retailctl.contracts.changes.compare import Comparison
from retailctl.model.contract_change import ChangeWitness


def request_witness(change: Change, comparison: Comparison) -> ChangeWitness | None:
    """The request line, with the one thing that decides; None where there is nothing a client could send."""
    label = change.operations[0] if change.operations else ""
    old, new = _operation(comparison.old, label, change, new=False), _operation(comparison.new, label, change, new=True)
    if old is None:  # it has moved, and is named as the new side names it
        old = next((pair.old for pair in comparison.pairs if pair.label == label), None)
    made = _made(change, old, new)
    if made is None:
        return None
    value, error = made
    return ChangeWitness(kind="request", value=value, place=label, accepted_by="old", rejected_by="new", error=error)


def _made(change: Change, old: Operation | None, new: Operation | None) -> tuple[dict[str, Any], str] | None:
    id = change.id
    if old is None or old.provider_sends:
        return None
    line: dict[str, Any] = {"method": old.method, "path": (old.bases[0] if old.bases else "") + old.path}
    made = _of_operation(change, line, new) or _of_body(change, line, old)
    if made is None and id.startswith("api-security") and new is not None:
        made = {**line, "credentials": _credentials(old, new)}, "these credentials are refused"
    return made


def _of_operation(change: Change, line: dict[str, Any], new: Operation | None) -> tuple[dict[str, Any], str] | None:
    id = change.id
    if id.startswith(("api-path-removed", "api-removed")):
        return line, "the operation is gone"
    if id == "base-path-changed" and new is not None:
        return line, f"it is served below {change.new}"
    if id.startswith(("new-required-request", "request-parameter-became-required")) and change.location:
        return {**line, "without": {change.location: change.what}}, f"{change.location} {change.what} is required"
    if id == "new-request-path-parameter":
        return line, f"the path takes {change.what}"
    if id in ("request-parameter-style-changed", "request-parameter-explode-changed"):
        return {**line, change.location: f"{change.what} as {change.old}"}, f"it is read as {change.new}"
    if id.startswith("request-parameter-default-value"):
        return {**line, "without": {change.location: change.what}}, "it means something else now"
    return None


def _of_body(change: Change, line: dict[str, Any], old: Operation) -> tuple[dict[str, Any], str] | None:
    id = change.id
    if id in ("request-body-added-required", "request-body-became-required"):
        return {**line, "body": None}, "a body is required"
    if id == "request-body-removed":
        return {**line, "content-type": next(iter(old.body.content), "") if old.body else ""}, "no body is read"
    if id == "request-body-media-type-removed":
        return {**line, "content-type": change.what}, "the media type is not taken any more"
    if id == "response-media-type-removed":
        return {**line, "accept": change.what}, "the media type is not answered any more"
    return None


def _credentials(old: Operation, new: Operation) -> Mapping[str, Any]:
    ways = old.security or ({},)
    for way in ways:
        wanted = new.security or ({},)
        if not any(
            all(scheme in way and set(scopes) <= set(way[scheme]) for scheme, scopes in other.items())
            for other in wanted
        ):
            return {scheme: list(scopes) for scheme, scopes in way.items()}
    return {}


def _operation(document: ApiDocument, label: str, change: Change, *, new: bool) -> Operation | None:
    found = document.by_label.get(label)
    place = change.new_place if new else change.old_place
    if found is not None or place is None:
        return found
    inside = (one for one in document.operations if place.pointer.startswith(one.place.pointer + "/"))
    return next(inside, None)
