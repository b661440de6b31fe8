"""Documents that references name over the network: off, unless the caller names the host."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Final

from retailctl.api.contracts.options import ContractOptions
from retailctl.errors import IncompleteError, InputError, Location, UsageError
from retailctl.workspace.limits import Limits

_NAME: Final = re.compile(r"(?=.{1,253}\Z)[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*")
_ADDRESS: Final = re.compile(r"[0-9a-f:.]*:[0-9a-f:.]*")
DOCUMENTS: Final = 100
SECONDS: Final = 300.0


class RemoteDocuments:
    """Fetches each address once in a run, so that both sides of a comparison see the same document.

    A contract may name any number of documents; a run fetches at most 100, and none after five minutes.
    """

    def __init__(self, hosts: tuple[str, ...], limits: Limits, clock: Callable[[], float] = time.monotonic) -> None:
        self.hosts = hosts
        self._limits, self._clock = limits, clock
        self._end = clock() + SECONDS
        self._known: dict[str, bytes | InputError | IncompleteError] = {}

    def fetch(self, url: str) -> bytes:
        """The bytes at an address. Raises InputError and IncompleteError as ``connect`` does."""
        if url not in self._known:
            self._known[url] = self._fetch(url)
        found = self._known[url]
        if isinstance(found, bytes):
            return found
        raise found.with_traceback(None)

    def _fetch(self, url: str) -> bytes | InputError | IncompleteError:
        from retailctl.connect.http import fetch_document, shown

        over = f"more than {DOCUMENTS} documents" if len(self._known) >= DOCUMENTS else ""
        if self._clock() >= self._end:
            over = f"the run has been fetching for {SECONDS:g} seconds"
        if over:
            return IncompleteError(f"not fetched: {over}", at=Location(shown(url)))
        try:
            return fetch_document(url, hosts=self.hosts, limits=self._limits)
        except (InputError, IncompleteError) as error:
            return error


def remote_documents(options: ContractOptions, limits: Limits | None = None) -> RemoteDocuments | None:
    """What the options allow to be fetched; None when that is nothing, as it always is offline.

    Raises UsageError for what is not the name of a host.
    """
    hosts = tuple(dict.fromkeys(map(_host, options.allow_remote_refs)))
    return RemoteDocuments(hosts, limits or Limits()) if hosts and not options.offline else None


def _host(text: str) -> str:
    name = text.lower()
    if name.startswith("[") and name.endswith("]"):
        name = name[1:-1]
    if _NAME.fullmatch(name) or _ADDRESS.fullmatch(name):
        return name
    raise UsageError(f"--allow-remote-refs: {text!r} is not the name of a host", hint="such as schemas.example.com")
