"""Our JSON Schemas of AsyncAPI and the official ones say the same of real and of damaged documents.

What they say differently is listed with the reason in ``asyncapi_disagreements.yaml``.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import yaml

from retailctl.contracts.lint.events.metaschema import event_validator
from tests.needs import ROOT, require
from tests.support.asyncapi import full
from tests.support.mutations import Mutation, mutations

JUDGES = ("2.0.0", "2.6.0", "3.0.0", "3.1.0")
EACH = 130
KNOWN: list[dict[str, str]] = yaml.safe_load(
    Path(__file__).with_name("asyncapi_disagreements.yaml").read_text(encoding="utf-8")
)
# Its Kafka key is a reference, which is a schema and a Reference Object: the official schema wants one of the two.
REFUSED = "asyncapi-adeo-kafka-costing/base.yaml"


@cache
def judge(version: str) -> Any:
    path = require("corpus") / "schemas" / "asyncapi" / f"{version}.json"
    schema = json.loads(path.read_text(encoding="utf-8"))
    return jsonschema_rs.Draft7Validator(schema, validate_formats=True, offline=True)


def documents() -> Iterator[tuple[str, dict[str, Any]]]:
    corpus = require("corpus")
    paths = [*corpus.glob("specpairs/asyncapi*/*.yaml"), *corpus.glob("samples/asyncapi/*")]
    for path in (*sorted(paths), *sorted(ROOT.glob("contracts/*/*/v*/asyncapi.yaml"))):
        yield path.as_posix(), yaml.safe_load(path.read_text(encoding="utf-8"))
    for version in JUDGES:
        yield f"full {version}", full(version)


def deepest(errors: Iterable[Any]) -> list[Any]:
    """The errors that say most, out of the alternatives that hold them."""
    found: list[Any] = []
    for error in errors:
        inner = [one for branch in getattr(error.kind, "context", None) or [] for one in branch]
        found += deepest(inner) or [error]
    most = max((len(error.instance_path) for error in found), default=0)
    return [error for error in found if len(error.instance_path) == most]


def reason(version: str, document: Any, *, stricter: bool) -> str:
    """Why we disagree, "" when the list does not know."""
    side = event_validator(version[:3]) if stricter else judge(version)
    error = deepest(side.iter_errors(document))[0]
    place = "".join(f"/{step}" for step in error.instance_path)
    for one in KNOWN:
        if (one["ours"] == "stricter") == stricter and all(
            re.search(one.get(key, ""), text)
            for key, text in (("versions", version), ("place", place), ("says", error.message))
        ):
            return one["reason"]
    return ""


def test_real_documents_are_as_valid_here_as_there() -> None:
    for name, document in documents():
        if not name.endswith(REFUSED):
            version = document["asyncapi"]
            assert judge(version).is_valid(document) == event_validator(version[:3]).is_valid(document), name


def test_damaged_documents_are_as_invalid_here_as_there(record_property: Any) -> None:
    total, differing, unexplained = 0, 0, []
    used: Counter[str] = Counter()
    for number, (name, document) in enumerate(documents()):
        if name.endswith(REFUSED):
            continue
        version = document["asyncapi"]
        theirs, ours = judge(version), event_validator(version[:3])
        for mutation in _mutations(document, number):
            total += 1
            accepted = theirs.is_valid(mutation.document)
            if accepted != ours.is_valid(mutation.document):
                differing += 1
                why = reason(version, mutation.document, stricter=accepted)
                used[why] += bool(why)
                if not why:
                    unexplained.append((name, mutation.kind, mutation.pointer, accepted))
    agreed, explained = 100 * (1 - differing / total), 100 * (1 - len(unexplained) / total)
    for key, value in (("documents", total), ("agreed", f"{agreed:.2f} %"), ("with reasons", f"{explained:.2f} %")):
        record_property(key, value)
        sys.stdout.write(f"{key}: {value}\n")
    assert total > 1_000
    assert agreed >= 95
    assert explained >= 99, unexplained


def _mutations(document: dict[str, Any], seed: int) -> Iterator[Mutation]:
    return (one for one in mutations(document, seed, EACH) if one.pointer != "/asyncapi")


@pytest.mark.parametrize("one", KNOWN, ids=lambda one: str(one["reason"])[:40])
def test_a_listed_disagreement_is_complete(one: dict[str, str]) -> None:
    assert one.keys() - {"says"} == {"ours", "versions", "place", "reason"}
    assert one["ours"] in ("stricter", "laxer")
    assert one["reason"].endswith(".")
    re.compile(one["place"])
