"""What the tools of Kafka print, as text: ``kafka-topics --describe`` and ``--list``, ``kafka-acls --list``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

_TOPIC: Final = re.compile(r"^Topic:\s*(?P<name>[A-Za-z0-9._-]{1,249})\s")
_FIELD: Final = re.compile(r"(\w+):\s*([^\t]*)")
_RESOURCE: Final = re.compile(r"resourceType=(\w+),\s*name=([^,)]+),\s*patternType=(\w+)")
_OLD: Final = re.compile(r"for resource `?(Topic|Group|Cluster):([^`:\s]+)")
_RULE: Final = re.compile(
    r"principal=([^,)]+(?:,[^=)]+=[^,)]+)*),\s*host=([^,)]+),\s*operation=(\w+),\s*permissionType=(\w+)"
)
_OLD_RULE: Final = re.compile(r"^\s*(\S+:.+?) has (Allow|Deny) permission for operations?: (\w+) from hosts?: (\S+)")
_LONGEST: Final = 4_000  # of one line
NAME: Final = re.compile(r"[A-Za-z0-9._-]{1,249}")


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic as described; ``configs`` as written."""

    name: str
    line: int
    partitions: int | None
    replicas: int | None
    configs: dict[str, str]


@dataclass(frozen=True, slots=True)
class Rule:
    """One permission: ``resource`` topic, group or cluster; ``prefix`` is set where the name is only its beginning."""

    resource: str
    name: str
    prefix: bool
    principal: str
    operation: str
    allow: bool
    line: int

    def names(self, topic: str) -> bool:
        """Does it hold for a topic, and not for everything?"""
        if self.resource != "topic" or self.name == "*":
            return False
        return topic.startswith(self.name) if self.prefix else topic == self.name


def described(lines: Iterable[str]) -> Iterator[Topic]:
    """The topics of ``--describe``; lines of partitions are left out."""
    for number, line in enumerate(lines, 1):
        found = _TOPIC.match(line[:_LONGEST])
        if found is None or "PartitionCount" not in line[:_LONGEST]:
            continue
        fields = dict(_FIELD.findall(line[:_LONGEST]))
        pairs = (one.partition("=") for one in fields.get("Configs", "").split(",") if "=" in one)
        configs = {name.strip(): value.strip() for name, _, value in pairs}
        yield Topic(found["name"], number, _int(fields, "PartitionCount"), _int(fields, "ReplicationFactor"), configs)


def _int(fields: dict[str, str], name: str) -> int | None:
    value = fields.get(name, "").strip()
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else None


def rules(lines: Iterable[str]) -> Iterator[Rule]:
    """The permissions of ``kafka-acls --list``, in the form of today and the older one."""
    resource, name, prefix = "", "", False
    for number, written in enumerate(lines, 1):
        line = written[:_LONGEST]
        if (found := _RESOURCE.search(line)) is not None:
            resource, name, prefix = found[1].lower(), found[2].strip(), found[3].upper() == "PREFIXED"
        elif (found := _OLD.search(line)) is not None:
            resource, name, prefix = found[1].lower(), found[2], False
        if not resource:
            continue
        if (found := _RULE.search(line)) is not None:
            allow = found[4].upper() == "ALLOW"
            yield Rule(resource, name, prefix, _principal(found[1]), found[3].upper(), allow, number)
        elif (found := _OLD_RULE.match(line)) is not None:
            yield Rule(resource, name, prefix, _principal(found[1]), found[3].upper(), found[2] == "Allow", number)


def _principal(text: str) -> str:
    """``svc-orders`` of ``User:svc-orders``, and the common name of a certificate."""
    name = text.strip().rpartition("User:")[2] if "User:" in text else text.strip()
    found = re.match(r"(?i)cn=([^,]+)", name)
    return found[1].strip() if found else name
