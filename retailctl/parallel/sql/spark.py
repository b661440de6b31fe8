"""The words of Spark SQL."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from retailctl.parallel.columns import MOST_DIGITS, Type
from retailctl.parallel.sql.dialect import UPPER, Dialect, pads

_TYPES = {
    "text": "string", "int": "bigint", "float": "double", "bool": "boolean", "date": "date",
    "timestamp": "timestamp_ntz",
}  # fmt: skip
_HALF = 2**31


class SparkDialect(Dialect):
    """Spark 4, in UTC. No function of Python: every value stays in the JVM."""

    name = "spark"

    def identifier(self, name: str) -> str:
        """In backticks."""
        return "`" + name.replace("`", "``") + "`"

    def literal(self, text: str) -> str:
        """A backslash escapes."""
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"

    def hash64(self, columns: Sequence[str]) -> str:
        """A NULL leaves ``xxhash64`` as it was, so that ('x', NULL) and (NULL, 'x') were one: it is told as well.

        ``hash`` has 32 bits only.
        """
        return f"xxhash64({', '.join([*columns, *(f'isnull({name})' for name in columns)])})"

    def stable_hash(self, columns: Sequence[str]) -> str:
        """md5 over an encoding in which no two rows are alike: ``concat_ws`` drops NULLs."""
        texts = [f"cast({name} as string)" for name in columns]
        parts = [f"coalesce(length({text})||':'||{text}, '~')" for text in texts]
        return f"md5({' || '.join(parts)})"

    def bucket(self, columns: Sequence[str], bits: int) -> str:
        """The low bits of the hash."""
        return f"({self.hash64(columns)} & {2**bits - 1}L)"

    def summable(self, columns: Sequence[str]) -> str:
        """Without the last bit: the lowest integer has no negative."""
        return f"shiftright({self.hash64(columns)}, 1)"

    def wide_sum(self, expression: str) -> str:
        """In two halves, each of which fits 64 bits for 2^32 rows: a sum of decimals takes three times as long."""
        high, low = f"sum(shiftright({expression}, 31))", f"sum({expression} & {_HALF - 1}L)"
        return f"(cast({high} as decimal(20, 0)) * {_HALF} + {low})"

    def type_name(self, type: Type) -> str:
        """A timestamp without a zone, as ``timestamp`` is shown in that of the session."""
        return f"decimal({MOST_DIGITS}, {type.scale})" if type.kind == "decimal" else _TYPES[type.kind]

    def matches(self, text: str, pattern: str) -> str:
        """``$`` would also match before a last line break."""
        return f"{text} rlike {self.literal(f'^(?:{pattern})' + chr(92) + 'z')}"

    def number(self, text: str, type: Type) -> str:
        """``try_cast``."""
        return f"try_cast({text} as {self.type_name(type)})"

    def day(self, text: str) -> str:
        """``try_cast``."""
        return f"try_cast({text} as date)"

    def local_moment(self, text: str) -> str:
        """``try_cast``."""
        return f"try_cast({text} as timestamp_ntz)"

    def zoned_moment(self, text: str) -> str:
        """Only ``timestamp`` heeds an offset, and only after seconds; the session is in UTC."""
        whole = f"regexp_replace({text}, '^([^T ]+[T ][0-9]+:[0-9]+)([Z+-])', '$1:00$2')"
        return f"cast(try_cast({whole} as timestamp) as timestamp_ntz)"

    def replaced(self, text: str, pattern: str, replacement: str) -> str:
        """``regexp_replace`` replaces all matches, so the first takes the rest of the text with it, and gives it back.

        Groups are ``$1``; ``$`` would also match before a last line break.
        """
        ended = pattern[:-1] + "\\z" if pattern.endswith("$") and not pattern.endswith("\\$") else pattern
        groups = re.compile(pattern).groups
        pieces = re.split(r"\\(.)", replacement, flags=re.DOTALL)
        made = "".join(_group(piece) if at % 2 else _quoted(piece) for at, piece in enumerate(pieces))
        whole = f"(?s:^(.*?)(?-s:{ended})(.*)\\z)"
        return f"regexp_replace({text}, {self.literal(whole)}, {self.literal(f'$1{made}${groups + 2}')})"

    def composed(self, text: str) -> str:
        """There is no function for it, but the ICU that comes with Spark has one. ASCII is composed already."""
        nfc = f"reflect('com.ibm.icu.text.Normalizer', 'compose', {text}, false)"
        return f"case when {text} rlike '[^\\\\x00-\\\\x7f]' then {nfc} else {text} end"

    def text_of(self, expression: str, type: Type) -> str:
        """A cast, but for timestamps, of which it would leave out a fraction of zero."""
        if type.kind == "timestamp":
            return f"date_format({expression}, 'yyyy-MM-dd HH:mm:ss.SSSSSS')"
        return f"cast({expression} as string)"

    def fitted(self, number: str, type: Type) -> str:
        """Between decimals ``try_cast`` rounds half away from zero; to an integer it would cut."""
        if type.kind == "int":
            return f"try_cast(round({number}, 0) as bigint)"
        return f"try_cast({number} as {self.type_name(type)})"

    def decimal_of_float(self, number: str, scale: int) -> str:
        """By way of its text, which says no more than the number knows."""
        return f"try_cast(cast({number} as string) as decimal({MOST_DIGITS}, {scale}))"

    def multiplied(self, number: str, factor: Decimal, scale: int) -> str:
        """NULL where it overflows."""
        return f"try_cast(try_multiply({number}, {factor:f}) as decimal({MOST_DIGITS}, {scale}))"

    def to_utc(self, local: str, zone: str) -> str:
        """The session is in UTC."""
        return f"cast(to_utc_timestamp({local}, {self.literal(zone)}) as timestamp_ntz)"

    def to_local(self, utc: str, zone: str) -> str:
        """The way back."""
        return f"cast(from_utc_timestamp({utc}, {self.literal(zone)}) as timestamp_ntz)"

    def unzoned(self, instant: str) -> str:
        """The session is in UTC."""
        return f"cast({instant} as timestamp_ntz)"

    def truncated(self, nanoseconds: str) -> str:
        """There are no nanoseconds in Spark."""
        return nanoseconds

    def cut(self, time: str, unit: str) -> str:
        """``date_trunc`` gives a timestamp of the session's zone."""
        return f"cast(date_trunc('{unit}', {time}) as timestamp_ntz)"

    def utc(self, moment: str, native: str) -> str:
        """The session is in UTC."""
        return f"cast({moment} as timestamp_ntz)"

    def converted(self, value: str, source: Type, type: Type) -> str:
        """By way of text where a cast would round."""
        if source.kind == "float" or type.kind == "int":
            return self.try_cast(f"cast({value} as string)", type)
        return f"try_cast({value} as {self.type_name(type)})"

    def as_text(self, value: str, native: str) -> str:
        """Nested values as JSON."""
        nested = native.startswith(("array<", "struct<", "map<"))
        return f"to_json({value})" if nested else f"cast({value} as string)"

    def microseconds_between(self, later: str, earlier: str) -> str:
        """The difference of the epochs."""
        return f"timestampdiff(MICROSECOND, {earlier}, {later})"

    def same(self, one: str, other: str) -> str:
        """The operator that a join can hash by."""
        return f"({one} <=> {other})"

    def differs(self, one: str, other: str) -> str:
        """The opposite."""
        return f"(not {one} <=> {other})"

    def folded(self, text: str) -> str:
        """``lower`` would fold more than ASCII."""
        return self.trimmed(f"translate({self.composed(text)}, '{UPPER}', '{UPPER.lower()}')")

    def as_set(self, text: str) -> str:
        """Split, trimmed, without empty members."""
        members = f"transform(split({text}, ','), member -> {self.trimmed('member')})"
        return f"array_sort(array_distinct(filter({members}, member -> member <> '')))"

    def as_shown(self, value: str, type: Type) -> str:
        """Spark's own text; no float or timestamp is ever compared by it."""
        return value if type.kind == "text" else f"cast({value} as string)"

    def pseudonym(self, text: str, key: bytes) -> str:
        """HMAC by its definition (RFC 2104)."""
        inner, outer = (f"X'{pad.hex()}'" for pad in pads(key))
        return f"left(sha2({outer} || unhex(sha2({inner} || encode({text}, 'UTF-8'), 256)), 256), 16)"


def _group(number: str) -> str:
    """A digit names a group, one further than it was; a backslash is one."""
    return f"${int(number) + 1}" if number.isdigit() else _quoted(number)


def _quoted(text: str) -> str:
    """What stands for itself in a replacement of Java, digits behind the number of a group too."""
    return re.sub(r"[\\$0-9]", r"\\\g<0>", text)
