"""Real timers, workflows, flows, compose files, collections and traces: what was counted in them by hand."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from retailctl.inventory.artefact import Artefact
from retailctl.model.interface_key import HttpKey, JobKey
from tests.needs import require
from tests.unit.inventory.read import errors, kind_of, read, seen

_KINDS = {
    "compose": "compose",
    "cron-systemd": "systemd",
    "n8n": "n8n",
    "node-red": "node-red",
    "otlp": "otlp",
    "postman": "postman",
}


def _samples() -> Path:
    return require("corpus") / "samples"


@pytest.mark.parametrize("folder", sorted(_KINDS))
def test_every_sample_is_taken_for_what_it_is_and_read_without_a_mistake(folder: str) -> None:
    root = _samples()
    paths = sorted(path.relative_to(root).as_posix() for path in (root / folder).iterdir())
    assert paths
    for path in paths:
        one = Artefact(root, path)
        assert kind_of(one) == _KINDS[folder]
        found = read(one, _KINDS[folder])
        assert seen(found), path
        assert errors(found) == []


@pytest.mark.parametrize(
    ("name", "schedule"),
    [
        ("apt-daily", "*-*-* 6,18:00"),
        ("e2scrub_all", "Sun *-*-* 03:10:00"),
        ("fstrim", "weekly"),
        ("pg_dump@", "weekly"),
        ("systemd-tmpfiles-clean", "1d"),
    ],
)
def test_timers(name: str, schedule: str) -> None:
    file = f"system__{name}.timer"
    (job,) = seen(read(Artefact(_samples(), f"cron-systemd/{file}"), "systemd"))
    assert isinstance(job.key, JobKey)
    assert (job.key.unit, job.values["schedule"]) == (file, schedule)


@pytest.mark.parametrize(
    ("name", "providers"),
    [
        ("AI-powered_WooCommerce_Support-Agent",
         {"itself": 2, "wooCommerce": 1, "woo-pleasantly-swag-werewolf3.wpcomstaging.com": 1, "dhl": 1, "openAi": 1}),
        ("AI_Agent_to_chat_with_Supabase_PostgreSQL_DB", {"openAi": 1, "Postgres 5minai": 3}),
        ("AI_Agent_to_chat_with_you_Search_Console_Data_using_OpenAI_and_Postgres",
         {"itself": 1, "openAi": 1, "Postgres": 1, "www.googleapis.com": 2}),
    ],
)  # fmt: skip
def test_workflows(name: str, providers: dict[str, int]) -> None:
    path = f"n8n/{name}.json"
    found = Counter(
        "itself" if one.provider == path else one.provider for one in seen(read(Artefact(_samples(), path), "n8n"))
    )
    assert dict(found) == providers


def test_node_red() -> None:
    root = _samples()
    (job,) = seen(read(Artefact(root, "node-red/02_-_Trigger_a_flow_at_regular_intervals.json"), "node-red"))
    assert job.values["schedule"] == "5s"
    offered, called = seen(read(Artefact(root, "node-red/03_-_Handle_URL_parameters.json"), "node-red"))
    assert isinstance(offered.key, HttpKey) and isinstance(called.key, HttpKey)
    assert (offered.key.method, offered.key.address) == ("GET", "/hello-param/{name}")
    assert (called.provider, called.key.address) == ("localhost:1880", "/hello-param/Nick")


def test_compose() -> None:
    found = read(Artefact(_samples(), "compose/micromall.compose.yml"), "compose")
    pairs = {(one.consumers[0].name, one.provider) for one in seen(found)}
    assert (len(seen(found, "system")), len(pairs), len(seen(found, "credential"))) == (16, 16, 7)
    assert {one.figures["evidence"] for one in seen(found)} == {"depends_on"}
    assert ("grafana", "prometheus") in pairs


def test_postman() -> None:
    found = seen(read(Artefact(_samples(), "postman/Kibana.postman_collection.v2.json"), "postman"))
    assert len(found) == 21
    assert {one.provider for one in found} == {"{{hostname}}"}
    assert Counter(one.key.method for one in found if isinstance(one.key, HttpKey)) == {
        "GET": 6,
        "PUT": 3,
        "POST": 7,
        "DELETE": 3,
        "PATCH": 2,
    }


def test_otlp() -> None:
    found = read(Artefact(_samples(), "otlp/trace.json"), "otlp")
    (offered,) = seen(found)
    assert (offered.provider, offered.name, str(offered.at)) == ("my.service", "I'm a server span", "2018-12-13")
