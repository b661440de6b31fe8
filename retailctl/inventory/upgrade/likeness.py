"""How much a new field reads like one that is gone: what people wrote on it, the words in common, the letters."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import Final

from retailctl.inventory.upgrade.analysis import FieldChange

_WORDS: Final = re.compile(r"[a-z0-9]+")
_NAMES: Final = re.compile(r"[a-z][\w{},]*[\w}]")
_BRACES: Final = re.compile(r"\{([^{}]*)\}")
_COUNTRY: Final = re.compile(r"^l10n_[a-z]{2}_")  # fields of a localisation have that much in common anyway
_NO_WORDS: Final = frozenset({"id", "ids"})
_ALIKE: Final = 0.4  # notes and note, groups_id and group_ids are above it; state and sex are not


def likeness(gone: FieldChange, new: FieldChange) -> float:
    """0 to 4.5, to rank by: a field is renamed where it stands, so that its own module goes before the others."""
    return _likeness(gone, new) + 0.5 * (gone.module == new.module)


def reads_like(gone: FieldChange, new: FieldChange) -> bool:
    """Is there more between the two than an equal type?"""
    return _likeness(gone, new) >= _ALIKE


def _likeness(gone: FieldChange, new: FieldChange) -> float:
    """0 to 4: a person's word on it counts most."""
    renamed = "renam" in gone.comment.lower()
    named = renamed and new.field in _mentioned(gone.comment)
    together = renamed and gone.block == new.block and gone.at.path == new.at.path
    before, after = _COUNTRY.sub("", gone.field), _COUNTRY.sub("", new.field)
    mine, its = (set(_WORDS.findall(name)) - _NO_WORDS for name in (before, after))
    common = len(mine & its) / max(len(mine | its), 1)
    return 2.0 * named + 0.5 * together + common + 0.5 * SequenceMatcher(None, before, after).ratio()


def _mentioned(comment: str) -> frozenset[str]:
    """The names in a comment; people write ``order_{,line}_seq_id`` for several at once."""
    names: set[str] = set()
    for word in _NAMES.findall(comment):
        found = _BRACES.search(word)
        options = found[1].split(",") if found is not None else [""]
        cut = (word[: found.start()], word[found.end() :]) if found is not None else (word, "")
        names.update(f"{cut[0]}{option}{cut[1]}".replace("__", "_") for option in options)
    return frozenset(names)
