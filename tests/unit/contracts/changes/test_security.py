"""Security by one question: is a caller who could call before refused now?"""

from __future__ import annotations

import pytest

from tests.unit.contracts.changes.documents import BASIC, KEY, oauth, secured
from tests.unit.contracts.comparing import Raw, changes, judged, openapi, operation, verdicts

K: Raw = {"key": []}
B: Raw = {"basic": []}
READ: Raw = {"oauth": ["read"]}
BOTH: Raw = {"oauth": ["read", "write"]}
ALSO: Raw = {"key": [], "basic": []}

CASES = [
    ([], [K], {"api-security-added": "ERR"}),
    ([{}], [K], {"api-security-added": "ERR"}),
    ([], [K, {}], {}),
    ([K], [], {"api-security-removed": "WARN"}),
    ([K], [K, {}], {"api-security-removed": "WARN"}),
    ([K], [K, B], {"api-security-alternative-added": "INFO"}),
    ([K, B], [K], {"api-security-alternative-removed": "ERR"}),
    ([K, B], [B, K], {}),
    ([K], [B], {"api-security-alternative-removed": "ERR"}),
    ([K], [ALSO], {"api-security-alternative-removed": "ERR"}),
    ([READ], [BOTH], {"api-security-scope-added": "ERR"}),
    ([BOTH], [READ], {"api-security-scope-removed": "WARN"}),
    ([{"oauth": ["write", "read"]}], [BOTH], {}),
    ([], [], {}),
]


@pytest.mark.parametrize(("old", "new", "found"), CASES)
@pytest.mark.parametrize("whole", [False, True])
def test_the_requirement_is_judged_the_same_wherever_it_is_declared(
    old: list[Raw], new: list[Raw], found: dict[str, str], whole: bool
) -> None:
    assert verdicts(secured(*old, whole=whole), secured(*new, whole=whole)) == found


def test_moving_a_requirement_from_the_document_to_the_operations_changes_nothing() -> None:
    assert verdicts(secured(K, whole=True), secured(K)) == {}
    assert verdicts(secured(K), secured(K, whole=True)) == {}


def test_an_operation_may_open_what_the_document_closes() -> None:
    schemes = {"components": {"securitySchemes": {"key": KEY}}, "security": [K]}
    assert verdicts(operation(top=schemes), operation(top=schemes, security=[])) == {"api-security-removed": "WARN"}


def test_a_scheme_under_another_name_is_the_same_scheme() -> None:
    assert verdicts(secured({"one": []}, one=KEY), secured({"two": []}, two=KEY)) == {}
    found = verdicts(secured({"one": []}, one=KEY), secured({"two": []}, two=BASIC))
    assert "ERR" in found.values()


@pytest.mark.parametrize(
    ("old", "new"),
    [(KEY, {**KEY, "in": "query"}), (KEY, {**KEY, "name": "X-Other"}), (BASIC, {**BASIC, "scheme": "bearer"})],
)
def test_a_scheme_that_wants_something_else_refuses_old_callers(old: Raw, new: Raw) -> None:
    assert verdicts(secured({"one": []}, one=old), secured({"one": []}, one=new)) == {
        "api-security-scheme-changed": "ERR"
    }


def test_words_about_a_scheme_are_no_change() -> None:
    assert verdicts(secured({"one": []}, one=KEY), secured({"one": []}, one={**KEY, "description": "d"})) == {}
    one = oauth({"read": "r"})
    assert verdicts(secured(one=one), secured(one=one)) == {}


def test_a_requirement_of_the_document_is_one_cause() -> None:
    def shop(*security: Raw) -> Raw:
        paths = {f"/a/{number}": operation("get", "/x")["paths"]["/x"] for number in range(20)}
        return openapi(paths, "3.1.0", security=list(security), components={"securitySchemes": {"key": KEY}})

    (one,) = changes(shop(), shop(K))
    assert len(one.operations) == 20


def test_the_case_is_a_request_with_the_old_credentials() -> None:
    (one,) = (one for one in judged(secured(K), secured(B)).changes if one.level == "ERR")
    assert one.witness is not None
    assert (one.witness.kind, one.witness.value["credentials"]) == ("request", {"key": []})
