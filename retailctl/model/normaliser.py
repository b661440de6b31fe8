"""How a value of a source becomes canonical: the steps that a plan of a parallel run may name, with their arguments."""

from __future__ import annotations

from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field

from retailctl.model.fields import STRICT, Text, as_text, doc

Fold = Literal["first", "second", "reject"]
NumberFormat = Literal["plain", "en", "de", "fr", "ch", "in"]
RoundMode = Literal["half_up", "half_even", "down", "up"]
TimeUnit = Literal["millisecond", "second", "minute", "hour", "day"]
Number = Annotated[Decimal, BeforeValidator(as_text)]


def _short(key: str) -> BeforeValidator:
    """``tz: Europe/Berlin`` for ``tz: {zone: Europe/Berlin}``."""

    def convert(value: Any) -> Any:
        return {key: as_text(value)} if isinstance(as_text(value), str) else value

    return BeforeValidator(convert)


def _several(value: Any) -> Any:
    """``null_if: "-"`` for ``null_if: ["-"]``."""
    return [value] if isinstance(as_text(value), str) else value


def _named(value: Any) -> Any:
    """``trim`` for ``{trim: true}``."""
    return {value: True} if isinstance(value, str) else value


@dataclass(frozen=True, slots=True, kw_only=True)
class Rounding:
    """Decimal places, and which way: away from zero at a half, to the even digit at a half, to zero, away from zero."""

    __pydantic_config__: ClassVar = STRICT

    scale: Annotated[int, Field(ge=0, le=12)]
    mode: RoundMode


@dataclass(frozen=True, slots=True, kw_only=True)
class Zone:
    """Local time of a zone; ``fold`` says which of two instants a repeated hour means."""

    __pydantic_config__: ClassVar = STRICT

    zone: Annotated[Text, doc("Name in the IANA database.", "Europe/Berlin")]
    fold: Fold = "reject"


@dataclass(frozen=True, slots=True, kw_only=True)
class Replacement:
    """The first match of a pattern becomes a text, with ``\\1`` to ``\\9`` for its groups; no match changes nothing."""

    __pydantic_config__: ClassVar = STRICT

    match: Annotated[Text, doc("Pattern without look-around and lazy quantifiers.", r"^SO0*(\d+)$")]
    replace: Annotated[Text, doc("What stands there instead.", r"\1")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Padding:
    """At least so many characters, filled on the left."""

    __pydantic_config__: ClassVar = STRICT

    width: Annotated[int, Field(ge=1, le=1000)]
    fill: Annotated[Text, Field(min_length=1, max_length=1)] = "0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Normaliser:
    """One step: exactly one of the keys. ``trim`` alone stands for ``{trim: true}``."""

    __pydantic_config__: ClassVar = STRICT

    trim: Annotated[Literal[True] | None, doc("Without blanks at either end, tabs, line ends and NBSP too.")] = None
    strip_zeros: Annotated[Literal[True] | None, doc("Without zeros in front; 000 becomes 0.")] = None
    nfc: Annotated[Literal[True] | None, doc("Unicode in composed form.")] = None
    casefold_ascii: Annotated[
        Literal[True, "lower", "upper"] | None, doc("Letters A to Z in one case; default lower.")
    ] = None
    map: Annotated[
        dict[Text, Text] | None,
        Field(min_length=1, max_length=2000, description="Code by code; any other is rejected.",
              examples=[{"10": "new", "20": "picked"}]),
    ] = None  # fmt: skip
    decimal: Annotated[NumberFormat | None, doc("A number as people of a country write it: de is 1.234,50.")] = None
    minor_units: Annotated[Text | None, doc("Whole minor units of a currency: 1250 becomes 12.50.", "EUR")] = None
    round: Annotated[Rounding | None, Field(description="Round a number.")] = None
    unit: Annotated[Number | None, doc("Multiply by this factor.", "0.001", 12)] = None
    tz: Annotated[Zone | None, _short("zone"), Field(description="Local time of a zone to UTC.")] = None
    truncate_ts: Annotated[TimeUnit | None, doc("A time without what is smaller.")] = None
    date_format: Annotated[Text | None, doc("A date or time as text: %d %m %Y %y %H %M %S %f.", "%d.%m.%Y")] = None
    null_if: Annotated[
        tuple[Text, ...] | None, BeforeValidator(_several), Field(min_length=1, description="Texts that mean nothing.")
    ] = None
    default: Annotated[Text | None, doc("What nothing means.", "0")] = None
    regex: Annotated[Replacement | None, Field(description="Replace what a pattern finds.")] = None
    prefix: Annotated[Text | None, doc("Put before the text.", "SO")] = None
    pad: Annotated[Padding | None, Field(description="Fill a text on the left.")] = None

    @property
    def given(self) -> tuple[str, ...]:
        """The names that are used; a plan is right with exactly one."""
        return tuple(each.name for each in fields(self) if getattr(self, each.name) is not None)

    @property
    def name(self) -> str:
        """Which step it is."""
        return self.given[0]

    @property
    def argument(self) -> Any:
        """Its argument; True where it has none."""
        return getattr(self, self.name)


Normalisers = Annotated[
    tuple[Annotated[Normaliser, BeforeValidator(_named)], ...],
    Field(max_length=16, description="Steps from the source to the canonical value, in order.",
          examples=[["trim", {"decimal": "de"}]]),
]  # fmt: skip
