"""An engine that asks once: what a run has learnt of its sides is in its journal, and is not read again.

Statements that make tables and views wait until an answer is asked for that is not in the journal. A run that goes on
after a stop, or that judges the same rows by other gates, reads of the sources only what it does not know yet.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from retailctl.errors import IncompleteError
from retailctl.parallel.engines.engine import Copying, Engine
from retailctl.parallel.run_folder import RunFolder
from retailctl.parallel.sql.bucket import Step
from retailctl.parallel.sql.dialect import Dialect


class Remembered:
    """``engine`` with the answers of ``folder``. An answer is known by all statements that led to it."""

    def __init__(self, engine: Engine, folder: RunFolder, scratch: Path) -> None:
        self.engine = engine
        self._folder, self._scratch = folder, str(scratch)
        self._waiting: list[Callable[[], None]] = []
        self._said = hashlib.blake2b(engine.version.encode(), digest_size=16)

    @property
    def dialect(self) -> Dialect:
        """The words of the engine."""
        return self.engine.dialect

    @property
    def version(self) -> str:
        """Name and version of the engine."""
        return self.engine.version

    def later(self, text: str, action: Callable[[], None]) -> None:
        """Do something before the next answer that is not known; ``text`` says what."""
        # The name of the scratch folder is another one in each process, and says nothing.
        self._said.update(text.replace(self._scratch, "").encode("utf-8", "surrogatepass") + b"\0")
        self._waiting.append(action)

    def now(self) -> None:
        """Do all that waits."""
        waiting, self._waiting = self._waiting, []
        for action in waiting:
            action()

    def make(self, step: Step) -> None:
        """Fill a table, when somebody asks."""
        self.later(f"{step.table}: {step.query}", lambda: self.engine.make(step))

    def view(self, name: str, query: str) -> None:
        """Name a query, when somebody asks."""
        self.later(f"{name}= {query}", lambda: self.engine.view(name, query))

    def drop(self, *tables: str) -> None:
        """Let tables go."""
        self.later(f"drop {tables}", lambda: self.engine.drop(*tables))

    def copying(self, query: str) -> Copying:
        """A copy that the engine makes; ``copied`` makes it when somebody asks."""
        return self.engine.copying(query)

    def copied(self, query: str, label: str) -> str:
        """Something to select from that has the rows of a query; what fails is told with ``label``."""
        copy = self.engine.copying(query)

        def made() -> None:
            try:
                copy.make()
            except IncompleteError as error:
                raise IncompleteError(f"{label}: {error.message}", hint=error.hint) from None

        self.later(f"{copy.relation}: {query}", made)
        return copy.relation

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """All rows of a result, from the journal where they are there."""
        self.later(query, lambda: None)
        key = self._said.hexdigest()
        known = self._folder.answers.get(key)
        if known is None:
            self.now()
            known = [tuple(row) for row in self.engine.rows(query)]
            self._folder.answer(key, known)
        return known

    def each(self, query: str) -> Iterator[tuple[Any, ...]]:
        """The rows of a result that may be many: these are not kept."""
        self.later(query, lambda: None)
        self.now()
        return self.engine.each(query)
