"""Values without the source text that the reader keeps for numbers: other libraries know the plain types only."""

from __future__ import annotations

from retailctl.workspace.scalars import SourceBool, SourceFloat, SourceInt


def plain(value: object) -> object:
    """The value with plain scalars; the same object where there is nothing to replace.

    Recursive: the reader bounds the depth.
    """
    kind = type(value)
    if kind is str:  # most values are
        return value
    if kind is dict:
        replaced = {key: new for key, old in value.items() if (new := plain(old)) is not old}  # type: ignore[attr-defined]
        return {**value, **replaced} if replaced else value  # type: ignore[dict-item]
    if kind is list:
        items = [plain(item) for item in value]  # type: ignore[attr-defined]
        return items if any(new is not old for new, old in zip(items, value, strict=True)) else value  # type: ignore[call-overload]
    return _scalar(value)


def _scalar(value: object) -> object:
    if isinstance(value, SourceBool):
        return bool(value)
    if isinstance(value, SourceInt):
        return int(value)
    return float(value) if isinstance(value, SourceFloat) else value
