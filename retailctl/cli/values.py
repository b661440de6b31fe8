"""Values of parameters that are what they should be already, without asking pydantic.

typer converts every value with it, those that were not given as well, and loading it costs more than most commands.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal, get_args, get_origin

if TYPE_CHECKING:
    from typer._click import Context, Parameter

_ITSELF: Final = (str, bool)
_UNKNOWN: Final = object()


class Late:
    """Takes the place of typer's conversion of one parameter, and asks it where there is something to convert."""

    def __init__(self, param: Any) -> None:
        self._convert = param.get_runtime_param
        self._annotation = param.type_descriptor.annotation
        self._is_list = param.multiple or param.nargs == -1
        self._default = param.default
        self._counts = bool(getattr(param, "count", False))

    def coerce(self, value: Any, param: Parameter, ctx: Context) -> Any:
        """The value in the type of the parameter. Raises what typer raises for one that has none."""
        known = self._known(value)
        return self._convert().coerce(value, param=param, ctx=ctx) if known is _UNKNOWN else known

    def _known(self, value: Any) -> Any:
        kind = self._annotation
        if value is None:
            return () if self._is_list else None
        if self._is_list:
            plain = kind == list[str] and isinstance(value, list | tuple) and all(type(one) is str for one in value)
            return list(value) if plain else _UNKNOWN
        if kind in _ITSELF and type(value) is kind:
            return value
        if get_origin(kind) is Literal and type(value) is str and value in get_args(kind):
            return value
        is_plain = self._counts or (type(value) is type(self._default) and value == self._default)
        return value if kind is int and type(value) is int and is_plain else _UNKNOWN


def spare(param: Any) -> None:
    """Let a parameter convert late."""
    late = Late(param)
    param.get_runtime_param = lambda: late
