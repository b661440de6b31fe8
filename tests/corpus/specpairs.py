"""The real pairs of documents, run as a user runs them: a process of its own, and no socket."""

from __future__ import annotations

import json
import os
import re
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import yaml

from tests.needs import ROOT
from tests.support import warm
from tests.support.judge import Judge, Position
from tests.support.walk import Document

APIS: Final = ("adyen-checkout-v71-history", "adyen-webhooks", "amazon-orders-v0", "square-connect", "stripe-json")
EVENTS: Final = ("amazon-order-change-event", "asyncapi-adeo-kafka-costing", "asyncapi-streetlights-kafka")
"""Contracts of events: until the comparison takes them, each is one located finding."""
GUARD: Final = ROOT / "tests" / "hostile" / "guard" / "sitecustomize.py"


class Pair:
    """One pair of the corpus and the report on it."""

    def __init__(self, corpus: Path, name: str) -> None:
        self.folder = corpus / "specpairs" / name
        self.old, self.new = (next(self.folder.glob(f"{side}.*")) for side in ("base", "revision"))

    @cached_property
    def report(self) -> dict[str, Any]:
        """The report, after a run that ended and touched no socket."""
        found: dict[str, Any] = json.loads(
            command(self.folder, "diff", self.old.name, self.new.name, "--as-of", "2026-11-21")
        )
        return found

    @cached_property
    def judges(self) -> dict[str, Judge]:
        """An independent judge of each side."""
        return {"old": Judge(whole(self.old)), "new": Judge(whole(self.new))}


def command(folder: Path, *words: str) -> bytes:
    """``retailctl contract ...`` as JSON, under the guard that ends a process at its first socket."""
    env = {key: value for key, value in os.environ.items() if not key.startswith("RETAILCTL_")}
    done = warm.run(("contract", *words, "--format", "json"), folder, env | {"RETAILCTL_NO_CACHE": "1"}, guard=GUARD)
    assert done.code in {0, 1}, done.err.decode(errors="replace")[-2000:]
    return done.out


def whole(path: Path) -> Document:
    """A document as its judge takes it: references that lead nowhere, or away, accept everything."""
    text = path.read_bytes()
    document: Document = json.loads(text) if path.suffix == ".json" else yaml.load(text, yaml.CSafeLoader)
    _cut_loose(document, document)
    return document


def _cut_loose(document: Document, root: object) -> None:
    stack = [root]
    while stack:
        node = stack.pop()
        if isinstance(node, dict):
            if isinstance(node.get("$ref"), str) and not _leads(document, node["$ref"]):
                node.clear()
            stack.extend(node.values())
        elif isinstance(node, list):
            stack.extend(node)


def _leads(document: Document, ref: str) -> bool:
    if not ref.startswith("#/"):
        return False
    node: Any = document
    for part in ref[2:].split("/"):
        step = part.replace("~1", "/").replace("~0", "~")
        if isinstance(node, list) and step.isdigit() and int(step) < len(node):
            node = node[int(step)]
        elif isinstance(node, dict) and step in node:
            node = node[step]
        else:
            return False
    return True


def accepted(judge: Judge, row: dict[str, Any]) -> bool:
    """Whether one side takes the witness of a finding. Raises LookupError for a place that it does not have."""
    witness = row["witness"]
    name = witness["place"].removeprefix("schema ")
    if name != witness["place"]:
        folder = "definitions" if "swagger" in judge.document else "components/schemas"
        flows = "in" if row["direction"] == "request" else "out"
        return judge.accepts_at(f"#/{folder}/{name}", witness["value"], flows)
    return judge.accepts(position_of(judge, witness["place"]), witness["value"])


def position_of(judge: Judge, place: str) -> Position:
    """The position behind ``POST /payments application/json`` or ``webhook order POST 200 application/json``."""
    found = re.fullmatch(r"(?:(?:webhook|callback) (\S+) (\S+)|(\S+) (\S+)) (.+)", place)
    if found is None:
        raise LookupError(place)
    hook, sent, method, path, part = found.groups()
    method, path = (sent, hook) if hook else (method, path)
    path = re.sub(r"\{[^{}]*\}", "{}", path)
    parts = {part, f"body {part}", "path" if part.startswith("path ") else part}
    for position in judge.positions:
        of_method, _, url = position.operation.partition(" ")
        if of_method == method and url.endswith(path) and position.part in parts:
            return position
    raise LookupError(place)
