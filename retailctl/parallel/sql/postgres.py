"""The words of PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from retailctl.parallel.columns import MOST_DIGITS, Type
from retailctl.parallel.sql.dialect import UPPER, Dialect, pads

_TYPES = {
    "text": "text", "int": "bigint", "float": "double precision", "bool": "boolean", "date": "date",
    "timestamp": "timestamp",
}  # fmt: skip
_MOST = 2**63


class PostgresDialect(Dialect):
    """PostgreSQL 14 and newer. A cast that fails ends the statement, so each is made only where it cannot."""

    name = "postgres"

    def hash64(self, columns: Sequence[str]) -> str:
        """Of a record; a NULL counts as 0 in it, an empty text does not. Good for keys only: see ``summable``."""
        return f"hash_record_extended(row({', '.join(columns)}), 0)"

    def stable_hash(self, columns: Sequence[str]) -> str:
        """md5 over an encoding in which no two rows are alike: ``concat`` alone drops NULLs."""
        parts = [f"coalesce(length({name}::text)||':'||{name}::text, '~')" for name in columns]
        return f"md5({' || '.join(parts)})"

    def bucket(self, columns: Sequence[str], bits: int) -> str:
        """The low bits of the hash."""
        return f"({self.hash64(columns)} & {2**bits - 1})"

    def summable(self, columns: Sequence[str]) -> str:
        """By the text of the record, which is exact.

        Its own hash passes over the sign of a number, and adds up those of the fields, so that two rows which exchange
        a value cancel. Without the last bit: the lowest integer has no negative.
        """
        return f'(hashtextextended(row({", ".join(columns)})::text collate "C", 0) >> 1)'

    def wide_sum(self, expression: str) -> str:
        """``sum`` of a bigint is numeric."""
        return f"sum({expression})"

    def type_name(self, type: Type) -> str:
        """Text of any length, and decimals of the same width as elsewhere."""
        return f"numeric({MOST_DIGITS}, {type.scale})" if type.kind == "decimal" else _TYPES[type.kind]

    def matches(self, text: str, pattern: str) -> str:
        """Without flags, ``^`` and ``$`` are the ends of the text and never those of a line."""
        return f"{text} ~ {self.literal(f'^(?:{pattern})$')}"

    def number(self, text: str, type: Type) -> str:
        """By way of ``numeric``, which takes every number of the form."""
        if type.kind == "float":
            return f"{text}::double precision"
        return self.fitted(text, type)

    def day(self, text: str) -> str:
        """Only where the month has such a day."""
        return f"case when {self._exists(text)} then {text}::date end"

    @staticmethod
    def _exists(text: str) -> str:
        year, month = (f"split_part({text}, '-', {part})::int" for part in (1, 2))
        day = f"substring(split_part({text}, '-', 3) from '^[0-9]+')::int"
        last = f"make_date({year}, {month}, 1) + interval '1 month' - interval '1 day'"
        return f"{day} <= extract(day from {last})"

    def local_moment(self, text: str) -> str:
        """Without what is beyond microseconds: it would be rounded."""
        return f"case when {self._exists(text)} then ({self._cut(text)})::timestamp end"

    def zoned_moment(self, text: str) -> str:
        """As above, and brought to UTC."""
        return f"case when {self._exists(text)} then timezone('UTC', ({self._cut(text)})::timestamptz) end"

    @staticmethod
    def _cut(text: str) -> str:
        return f"regexp_replace({text}, '([.][0-9]{{6}})[0-9]+', '\\1')"

    def replaced(self, text: str, pattern: str, replacement: str) -> str:
        """Without the option ``g`` it is the first match only."""
        return f"regexp_replace({text}, {self.literal(pattern)}, {self.literal(replacement)})"

    def composed(self, text: str) -> str:
        """``normalize``, of a database in UTF-8."""
        return f"normalize({text}, NFC)"

    def text_of(self, expression: str, type: Type) -> str:
        """A cast, but for timestamps, of which it would leave out a fraction of zero."""
        if type.kind == "timestamp":
            return f"to_char({expression}, 'YYYY-MM-DD HH24:MI:SS.US')"
        return f"({expression})::text"

    def fitted(self, number: str, type: Type) -> str:
        """``numeric`` takes every number; it is rounded before it is looked at."""
        if type.kind == "float":
            return f"({number})::double precision"
        rounded = f"round(({number})::numeric, {type.scale})"
        if type.kind == "int":
            return f"case when {rounded} between {-_MOST} and {_MOST - 1} then {rounded}::bigint end"
        most = "1" + "0" * (MOST_DIGITS - type.scale)
        return f"case when abs({rounded}) < {most} then {rounded}::{self.type_name(type)} end"

    def decimal_of_float(self, number: str, scale: int) -> str:
        """By way of its text, which says no more than the number knows."""
        text = f"({number})::text"
        return f"case when {text} ~ '^-?[0-9]' then {self.fitted(text, Type('decimal', scale))} end"

    def multiplied(self, number: str, factor: Decimal, scale: int) -> str:
        """``numeric`` has room for every product."""
        return self.fitted(f"{number} * {factor:f}", Type("decimal", scale))

    def to_utc(self, local: str, zone: str) -> str:
        """``timezone`` goes from local time to an instant, and from an instant to local time."""
        return f"timezone('UTC', timezone({self.literal(zone)}, {local}))"

    def to_local(self, utc: str, zone: str) -> str:
        """The way back."""
        return f"timezone({self.literal(zone)}, timezone('UTC', {utc}))"

    def unzoned(self, instant: str) -> str:
        """``timezone`` of an instant is without zone."""
        return f"timezone('UTC', {instant})"

    def truncated(self, nanoseconds: str) -> str:
        """There are no nanoseconds in PostgreSQL."""
        return nanoseconds

    def utc(self, moment: str, native: str) -> str:
        """``timestamp`` has no zone, ``timestamp with time zone`` is UTC underneath."""
        return f"timezone('UTC', {moment})" if native == "timestamp with time zone" else f"{moment}::timestamp"

    def converted(self, value: str, source: Type, type: Type) -> str:
        """By way of text, but for what always fits."""
        if (source.kind, type.kind) in {("int", "float"), ("decimal", "float"), ("date", "timestamp")}:
            return f"{value}::{self.type_name(type)}"
        return self.try_cast(f"{value}::text", type)

    def as_text(self, value: str, native: str) -> str:
        """``to_jsonb`` sorts keys; arrays and records have no other text that is told elsewhere."""
        return f"to_jsonb({value})::text" if native.endswith("[]") or native == "record" else f"{value}::text"

    def microseconds_between(self, later: str, earlier: str) -> str:
        """Exact: ``extract`` gives numeric. There is no time between now and infinity."""
        apart = f"(extract(epoch from {later} - {earlier}) * 1000000)::bigint"
        return f"case when isfinite({later}) and isfinite({earlier}) then {apart} end"

    def folded(self, text: str) -> str:
        """``lower`` would fold as the database's locale says."""
        return self.trimmed(f"translate({self.composed(text)}, '{UPPER}', '{UPPER.lower()}')")

    def as_set(self, text: str) -> str:
        """Split, trimmed, without empty members."""
        member = self.trimmed("member")
        members = f"select distinct {member} collate \"C\" as m from unnest(string_to_array({text}, ',')) as s (member)"
        array = f"select array_agg(m order by m) from ({members}) as t where m <> ''"
        return f"case when {text} is not null then coalesce(({array}), '{{}}') end"

    def as_shown(self, value: str, type: Type) -> str:
        """PostgreSQL's own text; no float or timestamp is ever compared by it."""
        return value if type.kind == "text" else f"{value}::text"

    def pseudonym(self, text: str, key: bytes) -> str:
        """HMAC by its definition (RFC 2104): pgcrypto, which has it, is an extension."""
        inner, outer = (f"'\\x{pad.hex()}'::bytea" for pad in pads(key))
        digest = f"sha256({outer} || sha256({inner} || convert_to({text}, 'UTF8')))"
        return f"left(encode({digest}, 'hex'), 16)"
