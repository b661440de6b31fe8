"""The documents of one contract while it is checked, and what is known of them already."""

from __future__ import annotations

from retailctl.api.contracts.comparing import Compared, compare_sources, compared_again
from retailctl.api.contracts.estate import Workspace, as_promised, promise_of
from retailctl.api.contracts.findings import About
from retailctl.api.contracts.options import ContractOptions
from retailctl.api.contracts.pairs import DocumentPair
from retailctl.api.contracts.remote import RemoteDocuments
from retailctl.api.contracts.sources import Read, Source, open_source
from retailctl.contracts.api.model import EVENTS
from retailctl.contracts.compatibility.growth import Shared, says_the_same
from retailctl.contracts.rules.levels import Levels


class Opened:
    """The event contracts of one line, each opened once: under a transitive mode the newest meets all before it.

    ``shared`` is what they have in common, so that it is read once.
    """

    def __init__(self, remote: RemoteDocuments | None) -> None:
        self._remote = remote
        self._contract = ""
        self.shared: Shared = {}
        self._last: tuple[About, Compared] | None = None
        self._sources: dict[tuple[Read, str, str], Source] = {}
        self._promised: dict[tuple[int, bool], ContractOptions] = {}

    def source(self, contract: str, read: Read, path: str, label: str) -> Source:
        """Raises what :func:`open_source` raises."""
        if contract != self._contract:
            self._contract, self._sources, self._promised, self.shared = contract, {}, {}, {}
        found = self._sources.get((read, path, label))
        if found is None:
            found = open_source(read, path, label, self._remote)
            if found.api.family in EVENTS:  # the documents of APIs are large, and seldom asked for twice
                self._sources[read, path, label] = found
        return found

    def compared(self, pair: DocumentPair, about: About, options: ContractOptions, levels: Levels) -> Compared:
        """The comparison of a pair. Of an older version that differs from the one before it for people only, what
        breaks is known."""
        known, self._last = self._last, None
        is_next = pair.is_far and known is not None and known[0].new is about.new
        if is_next and known is not None and says_the_same(known[0].old.api, about.old.api):
            self._last = about, compared_again(known[0], about, known[1])
            return self._last[1]
        found = compare_sources(about, options, levels, readings=False)  # the rows do not show them
        if pair.is_far and not found.invalid and found.judgement.compatible is False:
            self._last = about, found
        return found

    def promised(self, pair: DocumentPair, workspace: Workspace, options: ContractOptions) -> ContractOptions:
        """What the contract of the newer document promises; asked after its source."""
        promise = promise_of(workspace.loaded, pair.new)
        key = (id(promise), pair.in_place)
        if key not in self._promised:
            self._promised[key] = as_promised(options, promise, versions=not pair.in_place)
        return self._promised[key]
