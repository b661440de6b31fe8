"""Changes of operations as a whole: added, removed, deprecated, less stable, renamed, tagged, moved."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from retailctl.contracts.api.model import ApiDocument, Operation, Place, Server
from retailctl.contracts.api.urls import erased
from retailctl.contracts.changes.change import Collector, CompareOptions, Occurrence, Pair
from retailctl.contracts.changes.lifecycle import is_included, notice_days, rank, stability_of, sunset_of
from retailctl.contracts.changes.matching import Matching


def compare_removed(matching: Matching, new: ApiDocument, options: CompareOptions, out: Collector) -> None:
    """Operations that are gone: allowed after deprecation and sunset only."""
    kept = {erased(pair.old.path) for pair in matching.pairs} | {erased(operation.path) for operation in matching.added}
    for operation in matching.removed:
        whole = "api-path" if erased(operation.path) not in kept else "api"
        stability = stability_of(operation.raw)
        gone = Place("", "/paths")
        if stability is None:
            _alone(
                "api-invalid-stability-level", operation, gone, out, what=str(operation.raw.get("x-stability-level"))
            )
            continue
        if not is_included(options, stability) or (whole == "api-path" and stability in ("alpha", "draft")):
            continue
        declared, sunset = sunset_of(operation.raw)
        if not operation.deprecated:
            _alone(f"{whole}-removed-without-deprecation", operation, gone, out, stability=stability)
        elif not declared:
            _alone(f"{whole}-removed-with-deprecation", operation, gone, out, stability=stability)
        elif sunset is None:
            _alone("api-path-sunset-parse", operation, gone, out, old=operation.raw.get("x-sunset"))
        elif options.as_of < sunset:
            _alone(f"{whole}-removed-before-sunset", operation, gone, out, old=sunset, stability=stability)


def compare_added(matching: Matching, out: Collector) -> None:
    """Operations that are new."""
    for operation in matching.added:
        out.add(
            "endpoint-added", subject=operation.label, what=operation.label, old_place=Place("", "/paths"),
            new_place=operation.place, occurrences=(Occurrence(operation.label),),
        )  # fmt: skip


def compare_marks(pair: Pair, options: CompareOptions, out: Collector) -> None:
    """Deprecation, sunset, stability, operation id and tags of an operation on both sides."""
    before, after = stability_of(pair.old.raw), stability_of(pair.new.raw)
    if before is None or after is None:
        bad = pair.new if after is None else pair.old
        if options.naming == "oasdiff" or pair.old.raw.get("x-stability-level") != pair.new.raw.get(
            "x-stability-level"
        ):
            _pair("api-invalid-stability-level", pair, out, what=str(bad.raw.get("x-stability-level")))
    elif rank(before) != rank(after) and is_included(options, before):
        id = "api-stability-decreased" if rank(after) < rank(before) else "api-stability-increased"
        _pair(id, pair, out, old=before or "stable", new=after or "stable")
    _deprecation(pair, options, out)
    if pair.old.operation_id != pair.new.operation_id:
        id = "api-operation-id-added" if not pair.old.operation_id else "api-operation-id-removed"
        _pair(id, pair, out, what=pair.old.operation_id or pair.new.operation_id,
              old=pair.old.operation_id, new=pair.new.operation_id)  # fmt: skip
    for tag in pair.old.tags:
        if tag not in pair.new.tags:
            _pair("api-tag-removed", pair, out, what=tag)
    for tag in pair.new.tags:
        if tag not in pair.old.tags:
            _pair("api-tag-added", pair, out, what=tag)
    if erased(pair.old.path) != erased(pair.new.path) and not set(pair.old.urls).isdisjoint(pair.new.urls):
        _pair("operation-moved", pair, out, old=pair.old.path, new=pair.new.path)


def _deprecation(pair: Pair, options: CompareOptions, out: Collector) -> None:
    stability = stability_of(pair.new.raw)
    days = notice_days(options, stability)
    declared, sunset = sunset_of(pair.new.raw)
    if pair.old.deprecated and not pair.new.deprecated:
        _pair("endpoint-reactivated", pair, out)
    elif pair.new.deprecated and not pair.old.deprecated and stability is not None:
        if not declared:
            _pair("api-deprecated-sunset-missing" if days > 0 else "endpoint-deprecated", pair, out)
        elif sunset is None:
            _pair("api-deprecated-sunset-parse", pair, out, new=pair.new.raw.get("x-sunset"))
        elif (sunset - options.as_of).days < days:
            _pair("api-sunset-date-too-small", pair, out, old=days, new=sunset)
        else:
            _pair("endpoint-deprecated-with-sunset", pair, out, new=sunset)
    had, before = sunset_of(pair.old.raw)
    if pair.new.deprecated and had:
        if not declared:
            _pair("sunset-deleted", pair, out, old=before)
        elif sunset is None and pair.old.deprecated and pair.new.raw.get("x-sunset") != pair.old.raw.get("x-sunset"):
            id = "api-path-sunset-parse" if options.naming == "oasdiff" else "api-deprecated-sunset-parse"
            _pair(id, pair, out, new=pair.new.raw.get("x-sunset"))
        elif before and sunset and sunset < before and (sunset - options.as_of).days < days and stability is not None:
            _pair("api-sunset-date-changed-too-small", pair, out, old=before, new=sunset)


def compare_webhooks(old: Sequence[Operation], new: Sequence[Operation], out: Collector) -> None:
    """Webhooks that came or went, by name."""
    before, after = _by_path(old), _by_path(new)
    for name, place in before.items():
        if name not in after:
            out.add("webhook-removed", subject=f"webhook {name}", what=name, old_place=place,
                    new_place=Place("", "/webhooks"), occurrences=_labels(old, name), direction="response")  # fmt: skip
    for name, place in after.items():
        if name not in before:
            out.add("webhook-added", subject=f"webhook {name}", what=name, old_place=Place("", "/webhooks"),
                    new_place=place, occurrences=_labels(new, name), direction="response")  # fmt: skip


def compare_webhook_operations(found: Matching, out: Collector) -> None:
    """Methods that came or went under a webhook that both sides have."""
    kept = {pair.new.path for pair in found.pairs}
    for operations, action in ((found.removed, "removed"), (found.added, "added")):
        for operation in operations:
            if operation.path in kept:
                place = Place("", "/webhooks").at(operation.path)
                gone = action == "removed"
                out.add(
                    f"webhook-operation-{action}",
                    subject=f"webhook {operation.path}",
                    pointer=f"/{operation.method}",
                    what=operation.label,
                    old_place=operation.place if gone else place,
                    new_place=place if gone else operation.place,
                    occurrences=(Occurrence(operation.label),),
                    direction="response",
                )


def compare_servers(old: ApiDocument, new: ApiDocument, matching: Matching, out: Collector) -> None:
    """Hosts and schemes are the environment; a base path is part of what clients call."""
    place = Place("", "/servers")
    _environment(old.servers, new.servers, place, out)
    bases: dict[tuple[str, str], list[Occurrence]] = {}
    for pair in matching.rebased:
        bases.setdefault(_bases(pair), []).append(Occurrence(pair.label))
    for (before, after), occurrences in bases.items():
        out.add(
            "base-path-changed",
            subject="servers",
            pointer=f"/base/{before}",
            what=before or "/",
            old=before or "/",
            new=after or "/",
            old_place=place,
            new_place=place,
            occurrences=occurrences,
            direction="request",
        )


def _environment(old: tuple[Server, ...], new: tuple[Server, ...], place: Place, out: Collector) -> None:
    before, after = {server.url: server for server in old}, {server.url: server for server in new}
    removed = [server for url, server in before.items() if url not in after]
    added = [server for url, server in after.items() if url not in before]
    for server in list(removed):
        twin = next((other for other in added if _is_insecure_twin(server, other)), None)
        if twin is not None:
            _server("server-became-insecure", server, twin, place, out)
            removed.remove(server)
            added.remove(twin)
    if removed and len(removed) == len(added):
        for one, other in zip(removed, added, strict=True):
            if (one.host, one.scheme) != (other.host, other.scheme):
                _server("server-host-changed", one, other, place, out)
        return
    hosts = {server.host for server in added}
    for server in removed:
        if server.host and server.host not in hosts:
            _server("server-removed", server, None, place, out)
    for server in added:
        if server.host:
            _server("server-added", None, server, place, out)


def _is_insecure_twin(old: Server, new: Server) -> bool:
    return bool(old.host) and new.host == old.host and (old.scheme, new.scheme) == ("https", "http")


def _server(id: str, old: Server | None, new: Server | None, place: Place, out: Collector) -> None:
    out.add(
        id,
        subject="servers",
        what=new.url if new else old.url if old else "",
        old=old.url if old else None,
        new=new.url if new else None,
        old_place=old.place if old else place,
        new_place=new.place if new else place,
        direction="request",
    )


def _by_path(operations: Iterable[Operation]) -> dict[str, Place]:
    found: dict[str, Place] = {}
    for operation in operations:
        found.setdefault(operation.path, Place("", "/webhooks").at(operation.path))
    return found


def _labels(operations: Iterable[Operation], path: str) -> list[Occurrence]:
    return [Occurrence(operation.label) for operation in operations if operation.path == path][:1]


def _bases(pair: Pair) -> tuple[str, str]:
    """What stands before the part of the URL that both have in common."""
    old, new = min(pair.old.urls, key=len).split("/"), min(pair.new.urls, key=len).split("/")
    while len(old) > 1 and len(new) > 1 and old[-1] == new[-1]:
        old.pop()
        new.pop()
    return "/".join(old), "/".join(new)


def _alone(id: str, operation: Operation, gone: Place, out: Collector, **more: object) -> None:
    more.setdefault("what", operation.label)
    out.add(id, subject=operation.label, old_place=operation.place, new_place=gone,
            occurrences=(Occurrence(operation.label),), direction="request", **more)  # type: ignore[arg-type] # fmt: skip


def _pair(id: str, pair: Pair, out: Collector, **more: object) -> None:
    more.setdefault("what", pair.label)
    out.add(id, subject=pair.label, old_place=pair.old.place, new_place=pair.new.place, occurrences=pair.at(),
            **more)  # type: ignore[arg-type] # fmt: skip
