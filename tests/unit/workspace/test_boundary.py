from __future__ import annotations

import gc
import time
from typing import Any

import pytest

from retailctl.errors import ConfigError, InputError, Location
from retailctl.model.contract_file import ContractFile
from retailctl.model.governance_files import SettingsFile, WaiversFile
from retailctl.model.inventory_file import InventoryFile
from retailctl.model.policy_file import PolicyFile
from retailctl.model.wave_file import WaveFile
from retailctl.workspace.boundary import MAX_PROBLEMS, validate, value_or_raise


def interface(**more: Any) -> dict[str, Any]:
    return {"interfaces": [{"id": "a"} | more]}


KEY = {"protocol": "http"}


@pytest.mark.parametrize(
    ("data", "file_type", "code", "path", "message", "hint"),
    [
        (
            interface(ownr="x"),
            InventoryFile,
            "INP021",
            "interfaces.0.ownr",
            "unknown key ownr",
            "Did you mean owner?",
        ),
        ({"sytems": []}, InventoryFile, "INP021", "sytems", "unknown key", "Did you mean systems?"),
        ({"interfaces": [{}]}, InventoryFile, "INP020", "interfaces.0", "id is missing", "id: pos-sales"),
        (interface(id=""), InventoryFile, "INP020", "interfaces.0.id", "id: is empty", "Correct"),
        (
            interface(id=None),
            InventoryFile,
            "INP020",
            "interfaces.0.id",
            "expected text, found nothing",
            "Write text",
        ),
        (
            interface(mode="asinc"),
            InventoryFile,
            "INP020",
            "interfaces.0.mode",
            "mode: asinc",
            "Did you mean async?",
        ),
        (
            interface(mode="zzz"),
            InventoryFile,
            "INP020",
            "interfaces.0.mode",
            "zzz",
            "sync, async, batch, poll",
        ),
        (
            interface(mode=3),
            InventoryFile,
            "INP020",
            "interfaces.0.mode",
            "found a number",
            "Write one of sync",
        ),
        (
            interface(transforms="x"),
            InventoryFile,
            "INP020",
            "interfaces.0.transforms",
            "a whole number, found text",
            "",
        ),
        (
            interface(endpoints=[{"url": {}}]),
            InventoryFile,
            "INP020",
            "interfaces.0.endpoints.0.url",
            "found a map",
            "",
        ),
        (
            interface(consumers=["x", 3]),
            InventoryFile,
            "INP020",
            "interfaces.0.consumers.1",
            "expected a mapping",
            "",
        ),
        (
            interface(key={"protocol": "htp"}),
            InventoryFile,
            "INP020",
            "interfaces.0.key.protocol",
            "htp",
            "Did you mean http?",
        ),
        (interface(key={}), InventoryFile, "INP020", "interfaces.0.key", "protocol is missing", "kafka"),
        (
            interface(key=[]),
            InventoryFile,
            "INP020",
            "interfaces.0.key",
            "expected a mapping, found a list",
            "",
        ),
        (
            interface(key=KEY | {"metod": "x"}),
            InventoryFile,
            "INP021",
            "interfaces.0.key.metod",
            "metod",
            "mean method?",
        ),
        (
            interface(key=KEY | {"http": {}}),
            InventoryFile,
            "INP021",
            "interfaces.0.key.http",
            "unknown key http",
            "",
        ),
        (
            interface(key=KEY | {"method": []}),
            InventoryFile,
            "INP020",
            "interfaces.0.key.method",
            "expected text",
            "",
        ),
        ({"teams": {}}, InventoryFile, "INP020", "teams", "expected a list, found a mapping", ""),
        (
            {"domains": [{"id": "o", "sync": {"form": "x"}}]},
            InventoryFile,
            "INP021",
            "domains.0.sync.form",
            "",
            "mean from?",
        ),
        ([], SettingsFile, "INP020", "", "expected a mapping, found a list", ""),
        ({"fail_on": "warn"}, SettingsFile, "INP021", "fail_on", "", "Did you mean fail-on?"),
        ({"severity": {"X": "eror"}}, SettingsFile, "INP020", "severity.X", "eror", "Did you mean error?"),
        (
            {"schema": "retailctl/policy/v1", "extends": {}},
            PolicyFile,
            "INP020",
            "extends",
            "expected a list",
            "",
        ),
        (
            {"id": "x", "kind": "open-api"},
            ContractFile,
            "INP020",
            "kind",
            "open-api",
            "Did you mean openapi?",
        ),
        (
            {"wave": {"id": "w", "steps": [{"id": "s"}]}},
            WaveFile,
            "INP020",
            "wave.steps.0",
            "do is missing",
            "do: ...",
        ),
        (
            {"wave": {"id": "w"}, "hypercare": {"days": 1, "exit": {"x": []}}},
            WaveFile,
            "INP020",
            "hypercare.exit.x",
            "",
            "",
        ),
    ],
)
def test_a_problem_has_code_place_words_and_next_step(
    data: Any, file_type: type, code: str, path: str, message: str, hint: str
) -> None:
    problems = validate(data, file_type).problems
    assert [(p.code, ".".join(map(str, p.path))) for p in problems] == [(code, path)]
    assert message in problems[0].message
    assert hint in problems[0].hint
    assert problems[0].hint


SECRET = "AKIA-s3cr3t-9999"


@pytest.mark.parametrize(
    "data",
    [
        interface(mode=SECRET),
        interface(mode="x" * 21),
        interface(note=[SECRET]),
        interface(endpoints=[{"url": [f"https://u:{SECRET}@h"]}]),
        interface(transforms=SECRET),
        interface(key={"protocol": SECRET}),
        interface(key=SECRET),
        {"credentials": [{"id": "c", "vault": {"value": SECRET}, "last_rotated": SECRET, "human": SECRET}]},
        {"interfaces": SECRET},
    ],
)
def test_a_value_that_may_be_a_secret_is_never_repeated(data: Any) -> None:
    problems = validate(data, InventoryFile).problems
    assert problems
    assert SECRET not in repr(problems)
    assert "x" * 21 not in repr(problems)


def test_a_key_cannot_command_the_terminal() -> None:
    problem = validate(interface(**{"\x1b]0;x\x07": 1, "k" * 999: 2}), InventoryFile).problems
    assert all("\x1b" not in p.message and len(p.message) < 100 for p in problem)


def test_good_entries_stay_beside_bad_ones() -> None:
    data = {
        "interfaces": [{"id": "a"}, {"ownr": 1}, {"id": "b", "mode": "x"}, {"id": "c"}],
        "systems": [{"id": "s"}],
        "teams": "nobody",
        "sytems": [],
    }
    checked = validate(data, InventoryFile)
    assert checked.value is not None
    assert [i.id for i in checked.value.interfaces or ()] == ["a", "c"]
    assert [checked.index("interfaces", n) for n in (0, 1)] == [0, 3]
    assert checked.index("systems", 0) == 0
    assert [s.id for s in checked.value.systems or ()] == ["s"]
    assert checked.value.teams is None
    assert len(checked.problems) == 5


def test_declared_as_none_and_not_declared_stay_apart() -> None:
    value = validate({"interfaces": [], "systems": None}, InventoryFile).value
    assert value == InventoryFile(interfaces=())


def test_entries_of_every_slice_have_their_own_index() -> None:
    data: dict[str, Any] = {"interfaces": [{"id": str(n)} for n in range(12_000)]}
    for index in (0, 4_999, 5_000, 11_999):
        data["interfaces"][index] = {"id": str(index), "mode": "x"}
    checked = validate(data, InventoryFile)
    assert [p.path[1] for p in checked.problems] == [0, 4_999, 5_000, 11_999]
    assert checked.value is not None
    interfaces = checked.value.interfaces or ()
    assert all(data["interfaces"][checked.index("interfaces", n)]["id"] == i.id for n, i in enumerate(interfaces))
    assert len(interfaces) == 11_996


def test_the_list_of_problems_is_bounded_and_says_so() -> None:
    checked = validate({"interfaces": [{}] * 3_000}, InventoryFile)
    assert len(checked.problems) == MAX_PROBLEMS + 1
    assert checked.problems[-1].message == "2,000 more problems in this file are not listed"


def test_one_monstrous_entry_hides_no_other() -> None:
    data = {"interfaces": [{"id": "a"}, {"id": "b", "consumers": [1] * 30_000}, {"id": "c"}]}
    checked = validate(data, InventoryFile)
    assert checked.value is not None
    assert [i.id for i in checked.value.interfaces or ()] == ["a", "c"]
    assert [p.path for p in checked.problems] == [("interfaces", 1)]


def test_problems_become_located_errors() -> None:
    def locate(path: tuple[str | int, ...]) -> Location:
        return Location("f.yaml", len(path))

    problem = validate(interface(ownr=1), InventoryFile).problems[0]
    error = problem.as_input_error(locate)
    assert isinstance(error, InputError)
    assert (error.code, str(error.at), error.hint) == ("INP021", "f.yaml:3", "Did you mean owner?")
    with pytest.raises(ConfigError, match="6 more in this file") as caught:
        value_or_raise({"waivers": [{"x": 1}]}, WaiversFile, locate)
    assert caught.value.exit_code == 2
    assert value_or_raise({"waivers": []}, WaiversFile, locate) == WaiversFile()


def test_ten_thousand_interfaces_are_fast() -> None:
    row = interface(consumers=["x", {"system": "y"}], key=KEY, classification={"criticality": "A"}, mode="sync")
    data = {"interfaces": row["interfaces"] * 10_000}
    validate({"interfaces": []}, InventoryFile)
    gc.collect()
    start = time.process_time()
    assert validate(data, InventoryFile).problems == ()
    assert time.process_time() - start < 2.0  # about 0.2 s; room for a slow machine
