"""The words of DuckDB."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from retailctl.parallel.columns import MOST_DIGITS, Type
from retailctl.parallel.sql import forms
from retailctl.parallel.sql.dialect import UPPER, Dialect, pads

_WITH_ZONE = "TIMESTAMP WITH TIME ZONE"
_TYPES = {
    "text": "varchar", "int": "bigint", "float": "double", "bool": "boolean", "date": "date", "timestamp": "timestamp"
}  # fmt: skip


class DuckDialect(Dialect):
    """DuckDB 2. Its ``hash`` may differ between versions: nothing of it outlives a run of one version."""

    name = "duckdb"

    def hash64(self, columns: Sequence[str]) -> str:
        """Unsigned 64 bits."""
        return f"hash({', '.join(columns)})"

    def stable_hash(self, columns: Sequence[str]) -> str:
        """md5 over an encoding in which no two rows are alike: ``concat`` alone drops NULLs."""
        parts = [f"coalesce(length({name}::varchar)||':'||{name}::varchar, '~')" for name in columns]
        return f"md5({' || '.join(parts)})"

    def bucket(self, columns: Sequence[str], bits: int) -> str:
        """The low bits of the hash; groups of 32 bits cost less than those of 64."""
        return f"({self.hash64(columns)} & {2**bits - 1})::integer"

    def summable(self, columns: Sequence[str]) -> str:
        """63 bits of the hash: its 64 do not fit a signed integer."""
        return f"({self.hash64(columns)} >> 1)::bigint"

    def row_hash(self, keys: Sequence[str], values: Sequence[str]) -> str:
        """By the hash of the key, which a statement needs anyway and computes once."""
        return self.summable((self.hash64(keys), *values))

    def wide_sum(self, expression: str) -> str:
        """``sum`` of a bigint is 128 bits wide."""
        return f"sum({expression})"

    def type_name(self, type: Type) -> str:
        """18 digits are one machine word, and hash and add three times as fast as 38."""
        return f"decimal({MOST_DIGITS}, {type.scale})" if type.kind == "decimal" else _TYPES[type.kind]

    def number(self, text: str, type: Type) -> str:
        """``try_cast``."""
        return f"try_cast({text} as {self.type_name(type)})"

    def day(self, text: str) -> str:
        """``try_cast``."""
        return f"try_cast({text} as date)"

    def local_moment(self, text: str) -> str:
        """``try_cast``, four times as fast as by way of a time zone."""
        return f"try_cast({text} as timestamp)"

    def zoned_moment(self, text: str) -> str:
        """Only ``timestamptz`` heeds an offset."""
        return self.utc(f"try_cast({text} as timestamptz)", _WITH_ZONE)

    def microseconds_between(self, later: str, earlier: str) -> str:
        """``date_diff`` would count boundaries; the difference of epochs counts time."""
        return f"(epoch_us({later}) - epoch_us({earlier}))"

    def folded(self, text: str) -> str:
        """``lower`` would fold more than ASCII, and other than other engines do."""
        return self.trimmed(f"translate(nfc_normalize({text}), '{UPPER}', '{UPPER.lower()}')")

    def as_set(self, text: str) -> str:
        """Split, trimmed, without empty members."""
        members = f"list_transform(string_split({text}, ','), lambda member: {self.trimmed('member')})"
        return f"list_sort(list_distinct(list_filter({members}, lambda member: member <> '')))"

    def matches(self, text: str, pattern: str) -> str:
        """RE2: linear in the text, whatever the pattern."""
        return f"regexp_full_match({text}, {self.literal(pattern)})"

    def replaced(self, text: str, pattern: str, replacement: str) -> str:
        """Without the option ``g`` it is the first match only."""
        return f"regexp_replace({text}, {self.literal(pattern)}, {self.literal(replacement)})"

    def trimmed(self, text: str, characters: str = forms.BLANKS) -> str:
        """Few values need it, and a look at both ends costs a third of the general way."""
        ends = f"left({text}, 1) between '!' and '~' and right({text}, 1) between '!' and '~'"
        return f"case when {ends} then {text} else {super().trimmed(text, characters)} end"

    def composed(self, text: str) -> str:
        """``nfc_normalize``."""
        return f"nfc_normalize({text})"

    def text_of(self, expression: str, type: Type) -> str:
        """A cast, but for timestamps, of which it would leave out a fraction of zero."""
        if type.kind == "timestamp":
            return f"strftime({expression}, '%Y-%m-%d %H:%M:%S.%f')"
        return f"cast({expression} as varchar)"

    def fitted(self, number: str, type: Type) -> str:
        """``try_cast`` rounds half away from zero between decimals, and to integers."""
        return f"try_cast({number} as {self.type_name(type)})"

    def decimal_of_float(self, number: str, scale: int) -> str:
        """By way of its text: the direct cast of 1.005 gives 1.00."""
        return f"try_cast(cast({number} as varchar) as decimal({MOST_DIGITS}, {scale}))"

    def multiplied(self, number: str, factor: Decimal, scale: int) -> str:
        """``try`` makes NULL of an overflow, which would end the query."""
        return f"try_cast(try({number} * {factor:f}) as decimal({MOST_DIGITS}, {scale}))"

    def time_of(self, text: str, format: str) -> str:
        """``try_strptime`` knows the same directives."""
        return f"try_strptime({text}, {self.literal(format)})"

    def to_utc(self, local: str, zone: str) -> str:
        """``timezone`` goes from local time to an instant, and from an instant to local time."""
        return f"timezone('UTC', timezone({self.literal(zone)}, {local}))"

    def to_local(self, utc: str, zone: str) -> str:
        """The way back."""
        return f"timezone({self.literal(zone)}, timezone('UTC', {utc}))"

    def unzoned(self, instant: str) -> str:
        """The count of microseconds is that of UTC: a tenth of the cost of ``timezone``."""
        return self.utc(instant, _WITH_ZONE)

    def truncated(self, nanoseconds: str) -> str:
        """A cast would round, and ``//`` go to zero, which before 1970 is up."""
        since = f"epoch_ns({nanoseconds})"
        return f"make_timestamp(({since} - ({since} % 1000 + 1000) % 1000) // 1000)"

    def parsed(self, text: str, type: Type, form: str = "") -> str:
        """A trimmed text as a value; ``form`` is how a time is written, if not as ISO 8601."""
        if form:
            parsed = f"try_strptime({text}, {self.literal(form)})"
            return f"{parsed}::date" if type.kind == "date" else parsed
        return self.try_cast(text, type)

    def utc(self, moment: str, native: str) -> str:
        """A moment as UTC without a zone, in microseconds; one without a zone is taken as UTC."""
        if native == _WITH_ZONE:
            return f"make_timestamp(epoch_us({moment}))"  # a tenth of the cost of timezone('UTC', ...)
        return moment if native == "TIMESTAMP" else f"{moment}::timestamp"

    def converted(self, value: str, source: Type, type: Type) -> str:
        """A value of one canonical type as another, NULL where it does not fit."""
        if source.kind == "float" and type.kind == "decimal":
            return f"try_cast({value}::varchar as {self.type_name(type)})"  # 1.005 is printed as it was written
        return f"try_cast({value} as {self.type_name(type)})"

    def as_text(self, value: str, native: str) -> str:
        """A value as text, the same for all engine versions: nested ones as JSON."""
        nested = native.endswith("]") or native.startswith(("STRUCT", "MAP", "UNION"))
        return f"to_json({value})::varchar" if nested else f"{value}::varchar"

    def as_shown(self, value: str, type: Type) -> str:
        """DuckDB's own text; no float or timestamp is ever compared by it."""
        return value if type.kind == "text" else f"{value}::varchar"

    def pseudonym(self, text: str, key: bytes) -> str:
        """HMAC by its definition (RFC 2104), as there is no function for it."""
        inner, outer = (self._blob(pad) for pad in pads(key))
        return f"sha256({outer} || unhex(sha256({inner} || encode({text}))))[:16]"

    @staticmethod
    def _blob(data: bytes) -> str:
        return "'" + "".join(f"\\x{byte:02X}" for byte in data) + "'::blob"
