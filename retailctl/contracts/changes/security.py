"""Security: is a caller who could call before refused now? (contracts.md section 6.2)"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from retailctl.contracts.api.model import Alternative, ApiDocument, Operation, Place
from retailctl.contracts.changes.change import Collector, CompareOptions, Pair

_OPEN: Final[Alternative] = {}


def renamed_schemes(old: ApiDocument, new: ApiDocument) -> dict[str, str]:
    """The schemes of the new side that are schemes of the old side under another name: new name to old name."""
    before = {name: raw for name, raw in old.security_schemes.items() if name not in new.security_schemes}
    found: dict[str, str] = {}
    for name, raw in new.security_schemes.items():
        if name in old.security_schemes:
            continue
        twin = next((other for other, known in before.items() if _bare(known) == _bare(raw)), None)
        if twin is not None:
            found[name] = twin
            del before[twin]
    return found


def compare_security(pair: Pair, renamed: Mapping[str, str], out: Collector) -> None:
    """Judge what holds for one operation, wherever it is declared."""
    old = _alternatives(pair.old)
    new = tuple(
        {renamed.get(scheme, scheme): scopes for scheme, scopes in way.items()} for way in _alternatives(pair.new)
    )
    if old == new:
        return
    refused = [way for way in old if not any(_satisfies(way, wanted) for wanted in new)]
    opened = [way for way in new if not any(_satisfies(way, wanted) for wanted in old)]
    _refused(pair, refused, old, new, out)
    _opened(pair, opened, old, new, out, alone=not refused)


def _refused(
    pair: Pair, refused: Sequence[Alternative], old: Sequence[Alternative], new: Sequence[Alternative], out: Collector
) -> None:
    """Callers who could come in before and cannot now."""
    scopes = _scope_only(refused, new)
    for scheme, name in scopes:
        _report(pair, out, "api-security-scope-added", what=name, location=scheme)
    if scopes:
        return
    if _OPEN in refused:
        _report(pair, out, "api-security-added", what=_shown(new), new=_shown(new))
        return
    for way in refused:
        _report(pair, out, "api-security-alternative-removed", what=_shown([way]), old=_shown(old), new=_shown(new))


def _opened(
    pair: Pair,
    opened: Sequence[Alternative],
    old: Sequence[Alternative],
    new: Sequence[Alternative],
    out: Collector,
    *,
    alone: bool,
) -> None:
    """Callers who can come in now and could not before; ``alone`` is False where others were shut out."""
    if _OPEN in opened:
        _report(pair, out, "api-security-removed", what=_shown(old), old=_shown(old))
        return
    scopes = _scope_only(opened, old)
    for scheme, name in scopes:
        _report(pair, out, "api-security-scope-removed", what=name, location=scheme)
    if not scopes and alone:
        for way in opened:
            _report(pair, out, "api-security-alternative-added", what=_shown([way]), new=_shown(new))


def compare_security_as_written(pair: Pair, out: Collector) -> None:
    """The requirements of the operations by themselves, as oasdiff names them."""
    if not pair.old.own_security and not pair.new.own_security:
        return
    old = pair.old.security if pair.old.own_security else ()
    new = pair.new.security if pair.new.own_security else ()
    for id, what, scheme in _written(old, new):
        _report(pair, out, f"api-security-{id}", what=what, location=scheme)


def compare_document_security(old: ApiDocument, new: ApiDocument, out: Collector) -> None:
    """The requirements of the document by themselves, as oasdiff names them."""
    places = Place("", "/security")
    for id, what, scheme in _written(old.security, new.security, whole=True):
        out.add(
            f"api-global-security-{id}", subject="security", pointer=f"/{scheme}/{what}", what=what, location=scheme,
            old_place=places, new_place=places, direction="request",
        )  # fmt: skip


def compare_schemes(
    old: ApiDocument, new: ApiDocument, renamed: Mapping[str, str], out: Collector, options: CompareOptions
) -> None:
    """The security schemes themselves: kind, addresses and scopes."""
    before, after = old.security_schemes, new.security_schemes
    root = Place("", "/securityDefinitions" if new.family == "swagger-2.0" else "/components/securitySchemes")
    for name in sorted({*before, *after} - {*renamed, *renamed.values()}):
        place = root.at(name)

        def report(id: str, what: str = name, place: Place = place, name: str = name, **more: Any) -> None:
            out.add(
                f"api-security-component-{id}", subject=f"security scheme {name}", pointer=f"/{what}", what=what,
                location=name, old_place=place, new_place=place, **more,
            )  # fmt: skip

        if name not in before:
            report("added")
        elif name not in after:
            report("removed")
        else:
            one, other = before[name], after[name]
            if one.get("type") != other.get("type"):
                report("type-changed", old=one.get("type"), new=other.get("type"))
            elif _kind(one) != _kind(other):
                out.add(
                    "api-security-scheme-changed", subject=f"security scheme {name}", what=name, location=name,
                    old=_kind(one), new=_kind(other), old_place=place, new_place=place, direction="request",
                )  # fmt: skip
            _flows(one, other, report, options)


def _flows(old: Mapping[str, Any], new: Mapping[str, Any], report: Any, options: CompareOptions) -> None:
    before, after = _mapping(old.get("flows")), _mapping(new.get("flows"))
    flows = before.keys() & after.keys()
    for flow in sorted(flows & {"implicit"} if options.naming == "oasdiff" else flows):
        one, other = _mapping(before[flow]), _mapping(after[flow])
        for key, id in (("authorizationUrl", "oauth-url-changed"), ("tokenUrl", "oauth-token-url-changed")):
            if one.get(key) != other.get(key):
                report(id, old=one.get(key), new=other.get(key))
        scopes, wanted = _mapping(one.get("scopes")), _mapping(other.get("scopes"))
        for name in sorted({*scopes, *wanted}, key=str):
            if name not in scopes:
                report("oauth-scope-added", what=name)
            elif name not in wanted:
                report("oauth-scope-removed", what=name)
            elif scopes[name] != wanted[name]:
                report("oauth-scope-changed", what=name, old=scopes[name], new=wanted[name])


def _alternatives(operation: Operation) -> tuple[Alternative, ...]:
    return operation.security or (_OPEN,)


def _satisfies(caller: Alternative, wanted: Alternative) -> bool:
    """True if a caller with these schemes and scopes is let in by that alternative."""
    return all(scheme in caller and set(scopes) <= set(caller[scheme]) for scheme, scopes in wanted.items())


def _scope_only(ways: Sequence[Alternative], others: Sequence[Alternative]) -> list[tuple[str, str]]:
    """The scopes that are all the difference, when every way has a twin with the same schemes."""
    found: dict[tuple[str, str], None] = {}
    for way in ways:
        twin = next((other for other in others if other and other.keys() == way.keys()), None)
        if twin is None:
            return []
        for scheme in sorted(way):
            found.update(dict.fromkeys((scheme, scope) for scope in sorted(set(twin[scheme]) ^ set(way[scheme]))))
    return list(found)


def _written(
    old: Sequence[Alternative], new: Sequence[Alternative], *, whole: bool = False
) -> Iterator[tuple[str, str, str]]:
    """Requirements added and removed by the names of their schemes, and the scopes of those on both sides."""
    before = {tuple(sorted(way)): way for way in old if way or whole}
    after = {tuple(sorted(way)): way for way in new if way or whole}
    for names in sorted(after.keys() - before.keys()):
        yield "added", " AND ".join(names), ""
    for names in sorted(before.keys() - after.keys()):
        yield "removed", " AND ".join(names), ""
    for names in sorted(before.keys() & after.keys()):
        for scheme in names:
            one, other = set(before[names][scheme]), set(after[names][scheme])
            for scope in sorted(other - one):
                yield "scope-added", scope, scheme
            for scope in sorted(one - other):
                yield "scope-removed", scope, scheme


def _kind(scheme: Mapping[str, Any]) -> str:
    words = [str(scheme.get(key)).lower() for key in ("type", "scheme", "in", "name") if scheme.get(key)]
    return " ".join([*words, str(scheme.get("openIdConnectUrl", ""))]).strip()


def _bare(scheme: Mapping[str, Any]) -> Mapping[str, Any]:
    return {key: value for key, value in scheme.items() if key != "description"}


def _shown(ways: Sequence[Alternative]) -> str:
    names = [
        " and ".join(f"{scheme} ({', '.join(scopes)})" if scopes else scheme for scheme, scopes in sorted(way.items()))
        for way in ways
    ]
    return " or ".join(name or "no credentials" for name in names)


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _report(pair: Pair, out: Collector, id: str, what: str, location: str = "", **more: object) -> None:
    old = pair.old.place.at("security") if pair.old.own_security else Place("", "/security")
    new = pair.new.place.at("security") if pair.new.own_security else Place("", "/security")
    document_wide = not pair.old.own_security and not pair.new.own_security
    out.add(
        id,
        subject="security" if document_wide else pair.label,
        pointer=f"/security/{location}/{what}",
        old_place=old,
        new_place=new,
        occurrences=pair.at(),
        what=what,
        location=location,
        direction="request",
        **more,
    )
