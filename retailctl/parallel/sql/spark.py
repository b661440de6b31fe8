"""The words of Spark SQL."""

from __future__ import annotations

from collections.abc import Sequence

from retailctl.parallel.columns import MOST_DIGITS, Type
from retailctl.parallel.sql.dialect import UPPER, Dialect, pads
from retailctl.parallel.sql.written import written

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

    def parsed(self, text: str, type: Type, form: str = "") -> str:
        """Brought into ISO 8601 first: the letters of ``try_to_timestamp`` mean other things."""
        if not form:
            return self.try_cast(text, type)
        pattern, iso = written(form)
        whole = self.literal(f"^(?:{pattern})" + chr(92) + "z")
        brought = f"regexp_replace({text}, {whole}, '{iso.format(*(f'${number}' for number in range(10)))}')"
        return f"case when {self.matches(text, pattern)} then {self.try_cast(brought, type)} end"

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
        """There is no function for NFC, but the ICU that comes with Spark has one."""
        nfc = f"reflect('com.ibm.icu.text.Normalizer', 'compose', {text}, false)"
        # What has no letter beyond ASCII is in NFC already.
        letters = f"case when {text} rlike '[^\\\\x00-\\\\x7f]' then {nfc} else {text} end"
        return self.trimmed(f"translate({letters}, '{UPPER}', '{UPPER.lower()}')")

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
