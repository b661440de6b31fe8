"""What the passes share: the documents, their version, operations, schemas and references; built once for a run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

from retailctl.contracts.lint.facts import LintFact
from retailctl.contracts.lint.outline import Outline
from retailctl.contracts.lint.schema_walk import SchemaPlace
from retailctl.contracts.lint.sections import Section, sections
from retailctl.contracts.lint.version import Version
from retailctl.contracts.references import Library


@dataclass(frozen=True)
class Context:
    """One contract under lint."""

    library: Library
    version: Version

    @cached_property
    def outline(self) -> Outline:
        """Path items and operations."""
        return Outline(self.library, self.version)

    @cached_property
    def sections(self) -> tuple[Section, ...]:
        """The root document and the parts of others that it refers to."""
        return tuple(sections(self.library, self.version.family))

    @cached_property
    def schemas(self) -> tuple[SchemaPlace, ...]:
        """Every schema of every section."""
        return tuple(place for section in self.sections for place in section.schemas)


Pass = Callable[[Context], Iterator[LintFact]]
