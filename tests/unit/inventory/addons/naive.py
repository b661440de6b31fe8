"""A second count of routes and crons, written another way: by lines and regular expressions, for generated trees only.

It shares nothing with the scanner but the definitions, so that a mistake in one of them shows as a difference.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

_ROUTE = re.compile(r"^\s*@http\.route\((?P<arguments>.*)\)\s*$")
_KEYWORD = re.compile(r"(\w+)=(?:'([^']*)'|(\w+))")


def count(root: Path) -> Counter[str]:
    """Routes, bare overrides, sign-in, protection and crons of a tree that the generator wrote."""
    found: Counter[str] = Counter()
    for path in root.rglob("*.py"):
        for line in path.read_text(encoding="utf-8").splitlines():
            decorator = _ROUTE.match(line)
            if decorator is not None:
                found.update(_route(decorator["arguments"]))
    for path in root.rglob("*.xml"):
        text = path.read_text(encoding="utf-8")
        for record in re.findall(r'<record id="[^"]*" model="ir\.cron">(.*?)</record>', text, re.DOTALL):
            found["crons"] += 1
            found["crons_inactive"] += 'name="active" eval="False"' in record
            number = re.search(r'interval_number" (?:eval="(\d+)"|>(\d+))', record)
            unit = re.search(r'interval_type">(\w+)', record)
            if number and unit:
                found["crons_often"] += unit[1] == "minutes" and int(number[1] or number[2]) <= 15
    return found


def _route(arguments: str) -> list[str]:
    told = ["routes"]
    if not arguments.strip():
        return [*told, "bare_overrides"]
    words = {name: text or word for name, text, word in _KEYWORD.findall(arguments)}
    auth = words.get("auth", "user")
    told.append(f"auth {auth}")
    if words.get("csrf") == "False":
        told.append("csrf_off")
    if auth in ("public", "none"):
        told.append("exposed")
        if words.get("csrf") == "False":
            told.append("exposed_without_csrf")
    return told
