"""Whether data written under one JSON Schema can be read under another, the schemas taken as a whole.

Lenient (``declared``): data has the properties that its schema names. Strict (``all``): data is anything that its
schema accepts, formats and content encodings are constraints, and a pattern holds as code generators read it too
(contracts.md section 5.2).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Final

from retailctl.contracts.compatibility.modes import READINGS, Reading
from retailctl.contracts.events.model import EventDocument
from retailctl.contracts.schemas.inclusion import Forms, Inclusion, Reason, Relation
from retailctl.contracts.schemas.inclusion.whole_text import WholeText, is_whole
from retailctl.contracts.schemas.store import ContentModel, Polarity, Schema, SchemaStore

_ROOT: Final = "#"
_BUDGET: Final = 100_000  # of the relation: a few seconds for schemas of several megabytes, of which few are needed
_NOTE: Final = "where a pattern is held against the whole text, as code generators do: "


def read_verdicts(old: EventDocument, new: EventDocument, content: ContentModel) -> dict[Reading, Inclusion]:
    """Tell, for two stand-alone schemas, who reads whose data: *backward* is the new one reading what the old allows.

    A root that cannot be read accepts everything, as everywhere.
    """
    before, after = (old.schemas, root_of(old)), (new.schemas, root_of(new))
    pairs: Mapping[Reading, tuple[tuple[SchemaStore, Schema], tuple[SchemaStore, Schema]]] = {
        "backward": (before, after),
        "forward": (after, before),
    }
    return {reading: verdict(*pairs[reading][0], *pairs[reading][1], content=content) for reading in READINGS}


def root_of(document: EventDocument) -> Schema:
    """The schema of a document that is one, in normal form."""
    try:
        return document.schemas.resolve(_ROOT)
    except KeyError:
        return True


def verdict(
    writer_store: SchemaStore, writer: Schema, reader_store: SchemaStore, reader: Schema, *, content: ContentModel
) -> Inclusion:
    """Tell if the reader's schema accepts all data of the writer's; see :class:`Verdicts`."""
    return Verdicts(writer_store, reader_store, content=content).of(writer, reader)


class Verdicts:
    """Between the schemas of a writer and of a reader; remembers what it met, so many questions cost little.

    ``polarity`` leaves out what does not travel that way; ``forms`` may be shared.
    *Excluded* has no witness where only the name of a format
    tells, or the way a pattern is read.
    """

    def __init__(
        self, writer: SchemaStore, reader: SchemaStore, *, content: ContentModel, polarity: Polarity | None = None,
        forms: Forms | None = None,
    ) -> None:  # fmt: skip
        self._stores, self._content, self._polarity = (writer, reader), content, polarity
        self._strict = content == "all"
        self._relation = Relation(writer, reader, content=content, polarity=polarity, asserting=self._strict,
                                  forms=forms)  # fmt: skip

    def of(self, writer: Schema, reader: Schema, budget: int | None = None) -> Inclusion:
        """Tell if the reader's schema accepts all data of the writer's, with a datum that shows it where not.

        ``budget`` bounds the work, as that of a relation does.
        """
        budget = _BUDGET if budget is None else budget
        found = self._relation.included(writer, reader, budget)
        if not self._strict or found.verdict != "included" or all(map(is_whole, self._relation.patterns)):
            return found
        mine, other, relation = self._whole_texts
        whole = relation.included(mine.schema(writer), other.schema(reader), budget)
        return Inclusion("excluded", (), lambda: _noted(whole)) if whole.verdict == "excluded" else found

    @cached_property
    def _whole_texts(self) -> tuple[WholeText, WholeText, Relation]:
        mine, other = WholeText(self._stores[0]), WholeText(self._stores[1])
        return mine, other, Relation(mine, other, content=self._content, polarity=self._polarity, asserting=True)


def _noted(found: Inclusion) -> Iterator[Reason]:
    for reason in found.reasons:
        yield replace(reason, text=_NOTE + reason.text)
