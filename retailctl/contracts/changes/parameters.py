"""Changes of parameters: existence, requiredness, serialisation, lifecycle. Schemas are left to the schema graph."""

from __future__ import annotations

from collections.abc import Mapping

from retailctl.contracts.api.model import Parameter, Place
from retailctl.contracts.api.urls import names_in
from retailctl.contracts.changes.change import Collector, CompareOptions, Pair
from retailctl.contracts.changes.lifecycle import notice_days, stability_of, sunset_of

Key = tuple[str, str]


def matched(
    pair: Pair, options: CompareOptions
) -> tuple[list[tuple[Parameter, Parameter]], list[Parameter], list[Parameter]]:
    """The parameters on both sides, only before, only after. Path parameters are matched by their place in the path,
    headers without regard to case. oasdiff looks at what path items share only where it is new."""
    old, new = _by_key(pair.old.parameters, pair.old.path), _by_key(pair.new.parameters, pair.new.path)
    both = [(old[key], new[key]) for key in old if key in new]
    removed, added = [old[key] for key in old if key not in new], [new[key] for key in new if key not in old]
    if options.naming == "oasdiff":
        both = [(one, other) for one, other in both if not one.shared and not other.shared]
        removed = [one for one in removed if not one.shared]
    return both, removed, added


def compare_parameters(pair: Pair, options: CompareOptions, out: Collector) -> None:
    """Report what changed about the parameters of one operation."""
    both, removed, added = matched(pair, options)
    for parameter in removed:
        _removed(pair, parameter, options, out)
    for parameter in added:
        _added(pair, parameter, out)
    for old, new in both:
        if old.raw is new.raw or (old.raw == new.raw and old.name == new.name):
            continue
        _changed(pair, old, new, options, out)


def _by_key(parameters: tuple[Parameter, ...], path: str) -> Mapping[Key, Parameter]:
    order = {name: f"{{{index}}}" for index, name in enumerate(names_in(path))}
    found: dict[Key, Parameter] = {}
    for parameter in parameters:
        name = parameter.name
        if parameter.location == "path":
            name = order.get(name, name)
        elif parameter.location == "header":
            name = name.lower()
        found.setdefault((parameter.location, name), parameter)
    return found


def _report(
    pair: Pair, out: Collector, id: str, before: Parameter | None, after: Parameter | None, /, **more: object
) -> None:
    shown = after or before
    if shown is None:
        return
    more.setdefault("what", shown.name)
    out.add(
        id,
        subject=pair.label,
        pointer=f"/parameters/{shown.location}/{shown.name}",
        old_place=before.place if before else _around(pair.old.place, shown),
        new_place=after.place if after else _around(pair.new.place, shown),
        occurrences=pair.at(f"{shown.location} {shown.name}"),
        location=shown.location,
        direction="request",
        **more,  # type: ignore[arg-type]
    )


def _around(place: Place, parameter: Parameter) -> Place:
    """Where a parameter would stand that one side does not have: in the operation, or in its path item."""
    return Place(place.path, place.pointer.rpartition("/")[0]) if parameter.shared else place


def _removed(pair: Pair, parameter: Parameter, options: CompareOptions, out: Collector) -> None:
    if not parameter.deprecated:
        _report(pair, out, "request-parameter-removed", parameter, None)
        return
    declared, sunset = sunset_of(parameter.raw)
    if not declared:
        _report(pair, out, "request-parameter-removed-with-deprecation", parameter, None)
    elif sunset is None:
        _report(pair, out, "request-parameter-sunset-parse", parameter, None, old=parameter.raw.get("x-sunset"))
    elif options.as_of < sunset:
        _report(pair, out, "request-parameter-removed-before-sunset", parameter, None, old=sunset)


def _added(pair: Pair, parameter: Parameter, out: Collector) -> None:
    if parameter.location == "path":
        _report(pair, out, "new-request-path-parameter", None, parameter)
        return
    required = "required" if parameter.required else "optional"
    if parameter.shared:
        _report(pair, out, f"new-{required}-request-default-parameter-to-existing-path", None, parameter)
    else:
        _report(pair, out, f"new-{required}-request-parameter", None, parameter)


def _changed(pair: Pair, old: Parameter, new: Parameter, options: CompareOptions, out: Collector) -> None:
    if old.required != new.required:
        _report(pair, out, f"request-parameter-became-{'required' if new.required else 'optional'}", old, new)
    if old.location == "path" and old.name != new.name:
        _report(pair, out, "path-parameter-renamed", old, new, old=old.name, new=new.name)
    if old.style != new.style:
        _report(pair, out, "request-parameter-style-changed", old, new, old=old.style, new=new.style)
    elif old.explode != new.explode and _is_composite(old) | _is_composite(new):
        _report(pair, out, "request-parameter-explode-changed", old, new, old=old.explode, new=new.explode)
    if old.allow_reserved != new.allow_reserved:
        action = "added" if new.allow_reserved else "removed"
        _report(pair, out, f"request-parameter-allow-reserved-{action}", old, new)
    if old.allow_empty != new.allow_empty:
        action = "added" if new.allow_empty else "removed"
        _report(pair, out, f"request-parameter-allow-empty-value-{action}", old, new)
    _content(pair, old, new, out)
    _deprecation(pair, old, new, options, out)


def _content(pair: Pair, old: Parameter, new: Parameter, out: Collector) -> None:
    if bool(old.content) != bool(new.content):
        if old.schema is not None or new.schema is not None or old.content or new.content:
            action = "added" if new.content else "removed"
            _report(
                pair, out, f"request-parameter-content-{action}", old, new,
                old=", ".join(old.content), new=", ".join(new.content),
            )  # fmt: skip
        return
    for name in sorted(old.content.keys() - new.content.keys()):
        _report(pair, out, "request-parameter-content-media-type-removed", old, new, old=name)
    for name in sorted(new.content.keys() - old.content.keys()):
        _report(pair, out, "request-parameter-content-media-type-added", old, new, new=name)


def _deprecation(pair: Pair, old: Parameter, new: Parameter, options: CompareOptions, out: Collector) -> None:
    stability = stability_of(pair.new.raw)
    if old.deprecated and not new.deprecated:
        _report(pair, out, "request-parameter-reactivated", old, new)
    declared, sunset = sunset_of(new.raw)
    days = notice_days(options, stability)
    if new.deprecated and not old.deprecated and stability is not None:
        if not declared:
            missing = "request-parameter-deprecated-sunset-missing"
            _report(pair, out, missing if days > 0 else "request-parameter-deprecated", old, new)
        elif sunset is None:
            _report(pair, out, "request-parameter-sunset-parse", old, new, new=new.raw.get("x-sunset"))
        elif (sunset - options.as_of).days < days:
            _report(pair, out, "request-parameter-sunset-date-too-small", old, new, old=days, new=sunset)
        else:
            _report(pair, out, "request-parameter-deprecated", old, new, new=sunset)
    had, before = sunset_of(old.raw)
    if new.deprecated and had:
        if not declared:
            _report(pair, out, "request-parameter-sunset-deleted", old, new, old=before)
        elif sunset is None and old.deprecated and new.raw.get("x-sunset") != old.raw.get("x-sunset"):
            _report(pair, out, "request-parameter-sunset-parse", old, new, new=new.raw.get("x-sunset"))
        elif before and sunset and sunset < before and (sunset - options.as_of).days < days and stability is not None:
            _report(pair, out, "request-parameter-sunset-date-changed-too-small", old, new, old=before, new=sunset)


def _is_composite(parameter: Parameter) -> bool:
    schema = parameter.raw.get("schema", parameter.raw)
    if not isinstance(schema, dict):
        return True
    kinds = schema.get("type")
    kinds = [kinds] if isinstance(kinds, str) else kinds
    return not isinstance(kinds, list) or bool({"array", "object"} & set(map(str, kinds)))
