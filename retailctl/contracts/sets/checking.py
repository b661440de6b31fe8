"""What is wrong in a map by itself, before any document is opened: paths, names, members."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from retailctl.contracts.api.model import escape
from retailctl.contracts.sets.mapping import parsed
from retailctl.contracts.sets.paths import Path, parse
from retailctl.model.map_file import CanonicalField, MapFile, MapMember, MappedField
from retailctl.workspace import input_codes as codes
from retailctl.workspace.problems import suggestion

_PATH_HINT: Final = "Write names with dots, [] for the items of a list and {} for the values of a map: lines[].sku."
_SUGGESTED_FROM: Final = 500


class MapProblem(NamedTuple):
    """An INP code, a sentence, the JSON Pointer in the map, and the next step."""

    code: str
    message: str
    pointer: str
    hint: str


def map_problems(map_: MapFile) -> Iterator[MapProblem]:
    """Everything that is wrong in a map, in order of the file."""
    paths: dict[Path, str] = {}
    for name in map_.fields:
        pointer = f"/fields/{escape(name)}"
        reason = _wrong(name)
        if reason:
            yield MapProblem(codes.SCHEMA, f"the name of the field is no path: {reason}", pointer, _PATH_HINT)
            continue
        first = paths.setdefault(parse(name), name)
        if first != name:
            yield MapProblem(codes.SCHEMA, f"the same field as {first}", pointer, "Keep one of the two.")
    around = {path[:length] for path in paths for length in range(1, len(path) + 1)}
    seen: dict[tuple[str, str], int] = {}
    for index, member in enumerate(map_.members):
        pointer = f"/members/{index}"
        yield from _identity(member, pointer, seen, index)
        for name, said in (member.fields or {}).items():
            yield from _entry(name, said, f"{pointer}/fields/{escape(name)}", around, map_.fields)


def _identity(member: MapMember, pointer: str, seen: dict[tuple[str, str], int], index: int) -> Iterator[MapProblem]:
    is_odoo = member.kind == "odoo" or (member.kind is None and member.model is not None and member.contract is None)
    if is_odoo and not member.model:
        yield MapProblem(codes.SCHEMA, "model is missing", pointer, "Add `model: sale.order`.")
    elif not is_odoo and not member.contract:
        hint = "Add `contract: ...`, or `kind: odoo` with `model: sale.order`."
        yield MapProblem(codes.SCHEMA, "contract is missing", pointer, hint)
    elif member.contract and member.model:
        hint = "Make two members of it: one for the contract, one for the model."
        yield MapProblem(codes.SCHEMA, "a member is a contract or a model of Odoo, not both", pointer, hint)
    else:
        key = (member.contract or f"odoo {member.model}", (member.version or "").lstrip("vV"))
        if seen.setdefault(key, index) != index:
            message = f"the same member as number {seen[key] + 1} of the list"
            yield MapProblem(codes.DUPLICATE_ID, message, pointer, "Keep one of the two, or give them versions.")


def _entry(
    name: str, said: MappedField, pointer: str, around: set[Path], fields: Mapping[str, CanonicalField]
) -> Iterator[MapProblem]:
    path = parsed(name)
    if path is None or path not in around:
        shown = name if name.isprintable() and len(name) <= 60 else "with a long or odd name"
        hint = suggestion(name, list(fields)[:_SUGGESTED_FROM]) if len(name) <= 60 else "Remove it."
        yield MapProblem(codes.UNKNOWN_KEY, f"the entity has no field {shown}", pointer, hint)
    if said.path is not None and (reason := _wrong(said.path)):
        yield MapProblem(codes.SCHEMA, f"path: {reason}", f"{pointer}/path", _PATH_HINT)
    told = [word for word in ("path", "dropped", "derived") if getattr(said, word) is not None]
    if len(told) > 1:
        message = f"{' and '.join(told)} exclude each other"
        yield MapProblem(
            codes.SCHEMA, message, pointer, f"Keep one of them: a field has a path or a reason, {told[0]}."
        )


def _wrong(text: str) -> str:
    try:
        parse(text)
    except ValueError as error:
        return str(error)
    return ""
