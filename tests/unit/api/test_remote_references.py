"""References over the network: none without the flag, none offline, and each document once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, ClassVar

import pytest

from retailctl.api.contracts.options import ContractOptions
from retailctl.api.contracts.remote import DOCUMENTS, RemoteDocuments, remote_documents
from retailctl.cli.main import main
from retailctl.errors import IncompleteError, UsageError
from retailctl.workspace.limits import Limits
from tests.unit.api.small_contracts import V1, V2, document, workspace, write

MONEY = {"Money": {"type": "object", "properties": {"cents": {"type": "string"}}}, "Broken": {"$ref": "no.json"}}


class Handler(BaseHTTPRequestHandler):
    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        self.asked.append(self.path)
        body = json.dumps(MONEY).encode()
        found = self.path == "/money.json"
        self.send_response(200 if found else 404)
        self.send_header("Content-Length", str(len(body) if found else 0))
        self.end_headers()
        self.wfile.write(body if found else b"")

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing on stderr."""


@pytest.fixture
def url() -> Iterator[str]:
    Handler.asked.clear()
    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join(timeout=5)


@pytest.fixture
def root(tmp_path: Path, url: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    remote = {"type": "object", "properties": {"total": {"$ref": f"{url}/money.json#/Money"}}}
    local = {
        "type": "object",
        "properties": {"total": {"type": "object", "properties": {"cents": {"type": "integer"}}}},
    }
    monkeypatch.chdir(tmp_path)
    return workspace(tmp_path, document(local, "1.0.0"), document(remote, "2.0.0"))


ALLOW = ("--allow-remote-refs", "127.0.0.1")


def run(capsys: pytest.CaptureFixture[str], *args: str) -> dict[str, Any]:
    main(["contract", *args, "-f", "json", "--as-of", "2026-11-20"])
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def rules(report: dict[str, Any]) -> set[str]:
    return {finding["rule"] for finding in report["findings"]}


@pytest.mark.parametrize(
    "verb", [("diff", V1, V2), ("check",), ("lint", V2), ("lint",)], ids=["diff", "check", "lint one", "lint all"]
)
@pytest.mark.parametrize("more", [(), (*ALLOW, "--offline"), ("--allow-remote-refs", "other.example")])
def test_nothing_is_asked_unless_the_host_is_named(
    root: Path, capsys: pytest.CaptureFixture[str], verb: tuple[str, ...], more: tuple[str, ...]
) -> None:
    report = run(capsys, *verb, *more)
    assert "INP042" in rules(report)
    assert report["summary"]["exit_code"] == 1
    assert Handler.asked == []


@pytest.mark.parametrize("verb", [("diff", V1, V2), ("check",)], ids=["diff", "check"])
def test_a_named_host_is_asked_once_and_its_document_is_compared(
    root: Path, url: str, capsys: pytest.CaptureFixture[str], verb: tuple[str, ...]
) -> None:
    report = run(capsys, *verb, *ALLOW)
    assert "INP042" not in rules(report)
    changed = [one for one in report["findings"] if one["rule"] == "request-property-type-changed"]
    assert len(changed) == 1
    assert changed[0]["locations"][0]["path"] == f"{url}/money.json"
    assert changed[0]["locations"][0]["line"] == 1
    assert Handler.asked == ["/money.json"]


def test_changelog_and_lint_take_the_flag_too(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["contract", "changelog", V1, V2, *ALLOW, "--as-of", "2026-11-20"]) == 0
    assert Handler.asked == ["/money.json"]
    capsys.readouterr()
    assert not {one for one in rules(run(capsys, "lint", V2, *ALLOW)) if one.startswith("INP")}


def test_what_cannot_be_fetched_is_a_finding_at_the_reference(
    root: Path, url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    write(root, {V2: document({"$ref": f"{url}/gone.json?token=hunter2#/X"}, "2.0.0")})
    report = run(capsys, "diff", V1, V2, *ALLOW)
    found = [one for one in report["findings"] if one["rule"] == "INP043"]
    assert [one["locations"][0]["path"] for one in found] == [V2]
    assert "status 404" in found[0]["message"]
    assert Handler.asked == ["/gone.json?token=hunter2"]


@pytest.mark.parametrize("key", ["allow-remote-refs", "allow_remote_refs", "network", "remote"])
def test_a_workspace_cannot_switch_it_on(root: Path, capsys: pytest.CaptureFixture[str], key: str) -> None:
    write(root, {"retailctl.yaml": f"name: small\n{key}: [127.0.0.1]\n"})
    assert main(["contract", "lint"]) == 2
    assert "unknown" in capsys.readouterr().err.lower()
    assert Handler.asked == []


@pytest.mark.parametrize(
    "text", ["", "*", "*.example.com", "https://example.com", "example.com/x", "example.com:443", "u@example.com", "a b",
             "-x.example", "e" * 300, "example..com"]
)  # fmt: skip
def test_what_is_no_host(text: str) -> None:
    with pytest.raises(UsageError, match="not the name of a host"):
        remote_documents(ContractOptions(allow_remote_refs=(text,)))


@pytest.mark.parametrize(
    ("text", "host"),
    [("Schemas.Example.com", "schemas.example.com"), ("[::1]", "::1"), ("::1", "::1"), ("10.0.0.1", "10.0.0.1"),
     ("localhost", "localhost"), ("my_host", "my_host")],
)  # fmt: skip
def test_hosts_in_small_letters(text: str, host: str) -> None:
    found = remote_documents(ContractOptions(allow_remote_refs=(text, text)))
    assert found is not None
    assert found.hosts == (host,)


def test_a_run_fetches_so_many_documents_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def fetch(url: str, **_: object) -> bytes:
        asked.append(url)
        return b"{}"

    monkeypatch.setattr("retailctl.connect.http.fetch_document", fetch)
    remote = RemoteDocuments(("a.example",), Limits())
    for number in range(DOCUMENTS):
        assert remote.fetch(f"https://a.example/{number}") == b"{}"
        remote.fetch("https://a.example/0")
    with pytest.raises(IncompleteError, match="more than 100 documents"):
        remote.fetch("https://a.example/last")
    assert len(asked) == DOCUMENTS


def test_a_run_does_not_fetch_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]

    def fetch(url: str, **_: object) -> bytes:
        now[0] += 200
        return b"{}"

    monkeypatch.setattr("retailctl.connect.http.fetch_document", fetch)
    remote = RemoteDocuments(("a.example",), Limits(), clock=lambda: now[0])
    remote.fetch("https://a.example/1")
    remote.fetch("https://a.example/2")
    with pytest.raises(IncompleteError, match="fetching for 300 seconds"):
        remote.fetch("https://a.example/3")
