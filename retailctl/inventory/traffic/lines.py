"""Formats of log lines: a fast expression for whole blocks, and a patient one for the lines that it does not fit.

Every repeat is possessive or ends at a character it cannot hold, so that no line can make a search slow.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from retailctl.inventory.traffic.tally import Columns

_MATCHED: Final = b"\x01=\n"
_BARE: Final = b" - -"


@dataclass(frozen=True, slots=True)
class LineFormat:
    """``fields`` name the groups of ``fast`` in order; ``patient`` has groups of the same names.

    ``strict``: a line of any other kind is a mistake; otherwise it belongs to the record above it.
    """

    name: str
    fields: tuple[str, ...]
    fast: re.Pattern[bytes]
    patient: re.Pattern[bytes]
    strict: bool = True

    def fits(self, lines: Sequence[str]) -> int:
        """How many lines are of this format."""
        return sum(1 for line in lines if self.fast.match(line.encode("utf-8", "replace") + b"\n"))

    def columns(self, block: bytes, first: int) -> tuple[Columns | None, Sequence[int], list[int]]:
        """The rows of a block by column, the numbers of their lines, and those of lines that are none."""
        rows = self.fast.findall(block)
        size = block.count(b"\n")
        if len(rows) == size:
            return self._transposed(rows), range(first, first + size), []
        numbers, odd = [], []
        rest = list(enumerate(self.fast.sub(_MATCHED, block).split(b"\n"), first))[:-1]
        more: list[tuple[bytes, ...]] = []
        more_numbers: list[int] = []
        for number, line in rest:
            if line == b"\x01=":
                numbers.append(number)
            elif (found := self.patient.match(line + b"\n")) is not None:
                more.append(tuple(found[name] or b"" for name in self.fields))
                more_numbers.append(number)
            elif line.strip(b" \t\r"):
                odd.append(number)
        rows += more
        return (self._transposed(rows) if rows else None), numbers + more_numbers, odd if self.strict else []

    def _transposed(self, rows: list[tuple[bytes, ...]]) -> Columns:
        parts = dict(zip(self.fields, zip(*rows, strict=True), strict=True))
        nothing = (b"",) * len(rows)
        requests = parts.get("request")
        if requests is None:
            requests = tuple(map(b" ".join, zip(parts["method"], parts["path"], strict=True)))
        clients = parts.get("who")
        if clients is None:
            clients = tuple(client + _BARE for client in parts["client"])
        return Columns(
            requests, clients, parts.get("agent", nothing), parts["minute"], parts["status"], parts.get("host")
        )


_WHO: Final = rb"([^ \n]++ [^ \n]++ [^ \n]++)"
_TIME: Final = rb"\[([^\]: \n]{11}:\d\d:\d\d)[^\]\n]*+\]"
_REQUEST: Final = rb'"(?:([A-Z]++ [^ ?"#;\n]*+)[^"\n]*+|[^"\n]*+)"'
_QUOTED: Final = rb'"[^"\\\n]*+(?:\\.[^"\\\n]*+)*"'
_PATIENT: Final = (
    rb"%(who)b \[(?P<minute>[^\]: \n]{11}:\d\d:\d\d)[^\]\n]*+\] "
    rb'"(?:(?P<request>[A-Z]++ [^ ?"#;\\\n]*+))?[^"\\\n]*+(?:\\.[^"\\\n]*+)*" (?P<status>\d{3}|-)(?: (?:\d+|-))?'
)
_CLIENT: Final = rb"(?P<who>[^ \n]++ [^ \n]++ [^\[\n]{1,120}?)"
_HOST: Final = rb"(?P<host>(?!\d{4}-\d\d-)[^ \n]++) "  # a time in front of the line is no host
_RELAY: Final = rb"[^\n\"]{1,120}?: "  # what syslog puts in front
_AGENT: Final = rb'(?: %b "(?P<agent>[^"\\\n]*+))?[^\n]*+\n' % _QUOTED
_NO_AGENT: Final = rb"[^\n]*+\n"


def _web(name: str, *, host: bool = False, agent: bool, relayed: bool = False) -> LineFormat:
    fields = (("host",) if host else ()) + ("who", "minute", "request", "status") + (("agent",) if agent else ())
    start = b"^" + (_RELAY if relayed else b"")
    fast = (
        start
        + (rb"((?!\d{4}-\d\d-)[^ \n]++) " if host else b"")
        + _WHO
        + b" "
        + _TIME
        + b" "
        + _REQUEST
        + rb" (\d\d\d) [^ \n]*+"
    )
    fast += rb' "[^"\n]*+" "([^"\n]*+)"[^\n]*+\n' if agent else rb"[^\n]*+\n"
    patient = start + _PATIENT % {b"who": (_HOST if host else b"") + _CLIENT} + (_AGENT if agent else _NO_AGENT)
    return LineFormat(name, fields, re.compile(fast, re.MULTILINE), re.compile(patient))


_ALB: Final = (
    rb"^(?:[a-z0-9]{2,8} )?(?P<minute>\d{4}-\d\d-\d\dT\d\d:\d\d):[0-9.]++Z [^ \n]++ "
    rb"\[?(?P<client>[0-9A-Fa-f.:]+?)\]?:\d++ "
    rb"[^ \n]++ [^ \n]++ [^ \n]++ [^ \n]++ (?P<status>\d{3}|-) [^ \n]++ [^ \n]++ [^ \n]++ "
    rb'"(?P<method>[A-Z-]++) (?:[a-z]++://(?:[^/@"\n]*+@)?(?P<host>[^/:?" \n]*+)(?::\d*+)?)?'
    rb'(?P<path>[^ ?"#;\n]*+)[^"\n]*+"'
    rb'(?: "(?P<agent>[^"\\\n]*+)[^\n]*+)?[^\n]*+\n'
)
_ODOO: Final = (
    rb"^(?:[^\n]{0,120}?(?<![0-9-]))?(?P<minute>\d{4}-\d\d-\d\d \d\d:\d\d):\d\d[,.]\d{3} \d++ [A-Z]++ "
    rb"(?P<host>[^ \n]++) "
    rb"(?:werkzeug|odoo\.http)[^ :\n]*+: (?P<who>[^ \n]++ [^ \n]++ [^ \n]++) \[[^\]\n]*+\] "
    rb'"(?P<request>[A-Z]++ [^ ?";\n]*+)[^"\n]*+" (?P<status>\d{3}|-)[^\n]*+\n'
)


def _one(name: str, fields: tuple[str, ...], pattern: bytes, *, strict: bool) -> LineFormat:
    compiled = re.compile(pattern, re.MULTILINE)
    order = tuple(sorted((field for field in fields), key=lambda field: compiled.groupindex[field]))
    return LineFormat(name, order, compiled, compiled, strict)


# Formats with more fields first: the first of those that fit most lines is taken.
WEB: Final[tuple[LineFormat, ...]] = (
    _web("combined", agent=True),
    _web("combined with host", host=True, agent=True),
    _web("combined through syslog", agent=True, relayed=True),
    _web("common", agent=False),
    _web("common with host", host=True, agent=False),
    _web("common through syslog", agent=False, relayed=True),
    _one("load balancer", ("minute", "client", "status", "method", "host", "path", "agent"), _ALB, strict=True),
)
ODOO: Final = _one("odoo", ("minute", "host", "who", "request", "status"), _ODOO, strict=False)


def best(formats: Sequence[LineFormat], lines: Sequence[str]) -> tuple[LineFormat, int]:
    """The format that fits most lines, and how many."""
    counts = [(form.fits(lines), -number) for number, form in enumerate(formats)]
    most, place = max(counts)
    return formats[-place], most


def samples(lines: Sequence[str], most: int = 200) -> Iterator[str]:
    """Some lines of a head that are not empty."""
    for line in lines[:most]:
        if line.strip():
            yield line[:8192]
