"""What engines say differently, as hooks: all else of the comparison is the same text on all of them."""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from retailctl.parallel.columns import Type
from retailctl.parallel.sql import forms
from retailctl.parallel.sql.written import Written, written

UPPER: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_BLOCK: Final = 64


def pads(key: bytes) -> tuple[bytes, bytes]:
    """The inner and the outer pad of HMAC-SHA256: HMAC(m) = H(outer + H(inner + m))."""
    block = (hashlib.sha256(key).digest() if len(key) > _BLOCK else key).ljust(_BLOCK, b"\0")
    return bytes(byte ^ 0x36 for byte in block), bytes(byte ^ 0x5C for byte in block)


class Dialect(ABC):
    """One engine's words. Every method gives an SQL expression over the expressions it is given.

    The meaning is that of the table of semantics in docs/parallel-engines.md, on every engine;
    ``tests/parallel/conformance`` holds them to it.
    """

    name: str

    def identifier(self, name: str) -> str:
        """A name of a source, quoted."""
        return '"' + name.replace('"', '""') + '"'

    def literal(self, text: str) -> str:
        """A text constant."""
        return "'" + text.replace("'", "''") + "'"

    @abstractmethod
    def hash64(self, columns: Sequence[str]) -> str:
        """A 64-bit hash of a row of columns, NULL and empty apart; only for use within one run."""

    @abstractmethod
    def stable_hash(self, columns: Sequence[str]) -> str:
        """A text that orders rows by chance, the same on every engine and in every version."""

    @abstractmethod
    def bucket(self, columns: Sequence[str], bits: int) -> str:
        """The number of the bucket of a key, 0 to 2^bits - 1."""

    @abstractmethod
    def summable(self, columns: Sequence[str]) -> str:
        """A hash of a row that fits a signed 64-bit integer, whose negative does too."""

    def row_hash(self, keys: Sequence[str], values: Sequence[str]) -> str:
        """``summable`` of all columns of a row."""
        return self.summable((*keys, *values))

    @abstractmethod
    def wide_sum(self, expression: str) -> str:
        """The exact sum of 64-bit integers, which may exceed 64 bits."""

    @abstractmethod
    def type_name(self, type: Type) -> str:
        """The engine's name of a canonical type."""

    def try_cast(self, expression: str, type: Type) -> str:
        """A text as a canonical type; NULL where it is none. What is one is said in ``forms``, the same for all."""
        if type.kind == "text":
            return expression
        if type.kind == "bool":
            lower = f"lower({expression})"
            true, false = self._list(forms.TRUE), self._list(forms.FALSE)
            return f"case when {lower} in ({true}) then true when {lower} in ({false}) then false end"
        if type.kind == "timestamp":
            local, zoned = self.matches(expression, forms.LOCAL), self.matches(expression, forms.MOMENT)
            told = f"when {zoned} then {self.zoned_moment(expression)}"
            return f"case when {local} then {self.local_moment(expression)} {told} end"
        if type.kind == "date":
            return f"case when {self.matches(expression, forms.DATE)} then {self.day(expression)} end"
        pattern = {"int": forms.INT, "decimal": forms.DECIMAL}.get(type.kind, forms.FLOAT)
        return f"case when {self.matches(expression, pattern)} then {self.number(expression, type)} end"

    def _list(self, texts: Sequence[str]) -> str:
        return ", ".join(map(self.literal, texts))

    @abstractmethod
    def number(self, text: str, type: Type) -> str:
        """A text of the form of a number as one, rounded half away from zero; NULL where it does not fit."""

    @abstractmethod
    def day(self, text: str) -> str:
        """A text of the form of a date as one; NULL for the 31st of February."""

    @abstractmethod
    def local_moment(self, text: str) -> str:
        """A text of the form of a time without an offset, cut to microseconds; NULL where there is no such day."""

    @abstractmethod
    def zoned_moment(self, text: str) -> str:
        """A text of the form of a time with an offset, in UTC, cut to microseconds."""

    def parsed(self, text: str, type: Type, form: str = "") -> str:
        """A trimmed text as a value; ``form`` is how a time is written, if not as ISO 8601."""
        if not form:
            return self.try_cast(text, type)
        how = written(form)
        brought = self._brought(text, how)
        return f"case when {self.matches(text, how.pattern)} then {self.try_cast(brought, type)} end"

    def _brought(self, text: str, how: Written) -> str:
        """A text of a form in ISO 8601."""
        iso = self.replaced(text, f"^{how.pattern}$", how.iso)
        return iso if how.century else f"case when left({iso}, 2) <= '68' then '20' else '19' end || {iso}"

    def loses(self, text: str, type: Type) -> str:
        """Whether a text that can be cast says more than the type holds: the cast would round in silence."""
        if type.kind != "decimal":
            return "false"
        point = f"position('.' in {text})"
        places = f"(length(trim(trailing '0' from {text})) - {point})"
        return f"({point} > 0 and {places} > {type.scale}) or lower({text}) like '%e%'"

    @abstractmethod
    def utc(self, moment: str, native: str) -> str:
        """A moment as UTC without a zone, in microseconds; one without a zone is taken as UTC."""

    @abstractmethod
    def converted(self, value: str, source: Type, type: Type) -> str:
        """A value of one canonical type as another, NULL where it does not fit."""

    @abstractmethod
    def as_text(self, value: str, native: str) -> str:
        """A value as text, the same for all engine versions: nested ones as JSON."""

    @abstractmethod
    def microseconds_between(self, later: str, earlier: str) -> str:
        """From one timestamp to another, as a 64-bit integer."""

    @abstractmethod
    def folded(self, text: str) -> str:
        """A text without what is only form: outer blanks, ASCII case, and Unicode composition (NFC)."""

    @abstractmethod
    def as_set(self, text: str) -> str:
        """The members of a comma-separated text, trimmed, each once, in order: equal for equal sets."""

    # What normalisers need. A pattern is of the grammar of `normalisers/patterns.py`: the engines agree on all of it.

    @abstractmethod
    def matches(self, text: str, pattern: str) -> str:
        """Whether the whole text is of a pattern (a Python text, not yet quoted)."""

    @abstractmethod
    def replaced(self, text: str, pattern: str, replacement: str) -> str:
        """A text with its first match of a pattern replaced; ``\\1`` to ``\\9`` are groups. ``$`` is the end only."""

    def trimmed(self, text: str, characters: str = forms.BLANKS) -> str:
        """A text without these characters at either end; engines disagree on what is blank."""
        return f"trim(both {self.literal(characters)} from {text})"

    @abstractmethod
    def composed(self, text: str) -> str:
        """A text in Unicode normal form C."""

    @abstractmethod
    def text_of(self, expression: str, type: Type) -> str:
        """An int, decimal, bool, date or timestamp as text: ``-5``, ``5.00``, ``true``, ``2024-01-31``, and a time as
        ``2024-01-31 08:00:00.000000``, always with microseconds.
        """

    @abstractmethod
    def fitted(self, number: str, type: Type) -> str:
        """A number as another numeric type, rounded half away from zero; NULL where it does not fit."""

    @abstractmethod
    def decimal_of_float(self, number: str, scale: int) -> str:
        """A floating-point number as the decimal that it is printed as (1.005 is 1.005); NULL for NaN and infinity."""

    @abstractmethod
    def multiplied(self, number: str, factor: Decimal, scale: int) -> str:
        """A decimal times a constant, as decimal of a scale; NULL where it does not fit."""

    def time_of(self, text: str, format: str) -> str:
        """A text of a format (``%d %m %Y %y %H %M %S %f`` and what stands between) as timestamp; NULL for any other.

        The caller has made sure that each directive has its full count of digits, ``%f`` one to six; what is left are
        days that do not exist. ``%y`` is 1969 to 2068.
        """
        return self.try_cast(self._brought(text, written(format)), Type("timestamp"))

    def cut(self, time: str, unit: str) -> str:
        """A timestamp without what is smaller than a unit."""
        return f"date_trunc('{unit}', {time})"

    @abstractmethod
    def to_utc(self, local: str, zone: str) -> str:
        """A local time of a zone as UTC, both without zone. What a gap or fold becomes is the engine's choice: the
        caller never relies on it.
        """

    @abstractmethod
    def to_local(self, utc: str, zone: str) -> str:
        """UTC as the local time of a zone, both without zone."""

    @abstractmethod
    def unzoned(self, instant: str) -> str:
        """A timestamp that carries its zone as UTC without zone."""

    @abstractmethod
    def truncated(self, nanoseconds: str) -> str:
        """A timestamp in nanoseconds as one in microseconds, never rounded up."""

    def plus_seconds(self, time: str, seconds: int) -> str:
        """A timestamp so much later."""
        return f"({time} + interval '{seconds}' second)"

    @abstractmethod
    def as_shown(self, value: str, type: Type) -> str:
        """The text of a value for people: the same on every engine."""

    @abstractmethod
    def pseudonym(self, text: str, key: bytes) -> str:
        """64 bits of HMAC-SHA256 of a text under a key, as 16 hexadecimal digits in lower case."""

    def same(self, one: str, other: str) -> str:
        """Equality that takes NULL as a value."""
        return f"{one} is not distinct from {other}"

    def differs(self, one: str, other: str) -> str:
        """The opposite of ``same``."""
        return f"{one} is distinct from {other}"
