"""``inventory answer``: a questionnaire that came back becomes a dated sighting, or goes into the hand-kept files."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from retailctl.api.loading import load
from retailctl.api.options import AuditOptions
from retailctl.api.session import Session, open_session
from retailctl.errors import ConfigError, InputError, Location
from retailctl.inventory.asking.fields import SECTION_OF
from retailctl.inventory.asking.replies import HEAD, Reply, merged_into, replies_of
from retailctl.inventory.assemble import OBSERVED_PREFIX
from retailctl.inventory.identity.names import slug
from retailctl.inventory.observed_text import document as observed_text
from retailctl.model.estate import Estate
from retailctl.workspace.atomic import write_atomic
from retailctl.workspace.discovery import relative
from retailctl.workspace.edits import set_value
from retailctl.workspace.lock import workspace_lock
from retailctl.workspace.reader import parse_bytes, read_bytes

FOLDER: Final = f"{OBSERVED_PREFIX}answers"


def inventory_answer(
    root: Path | None, file: Path, options: AuditOptions, *, write: bool = False, dry_run: bool = False
) -> dict[str, Any]:
    """Check a questionnaire and take its answers over; nothing is written while anything in it is wrong.

    Answers go to ``inventories/observed/answers``; with ``write`` those about entries of hand-kept files go there,
    comments intact. Raises InputError for a file that cannot be parsed, ConfigError for a place that cannot be edited.
    """
    session = open_session(root, options)
    estate = load(session, for_rules=False).estate
    shown = relative(session.root, file.resolve())
    shown = file.name if shown.startswith("../") else shown
    document = parse_bytes(shown, read_bytes(file.resolve().parent, file.name), limits=session.effective.limits)
    found = replies_of(document, estate)
    page: dict[str, Any] = {
        "owner": found.owner,
        "answers": len(found.replies),
        "open": found.open,
        "problems": [_row(problem) for problem in found.problems],
        "written": [],
    }
    if found.problems or not found.replies:
        return page
    by_hand = [reply for reply in found.replies if write and _place(estate, reply) is not None]
    texts = _edited(session, estate, by_hand)
    # What contradicts the hand-kept file still does after the edit: the dated answer settles that, too.
    seen = [reply for reply in found.replies if reply not in by_hand or reply.before]
    if seen:
        texts |= _observed(session, found.owner, seen, shown)
    if not dry_run:
        _write(session, texts)
    page["written"] = sorted(texts)
    return page


def _row(problem: InputError) -> dict[str, Any]:
    at = problem.at or Location("")
    return {"path": at.path, "line": at.line, "column": at.column, "message": problem.message, "hint": problem.hint}


def _place(estate: Estate, reply: Reply) -> Location | None:
    """Where the entry stands in a hand-kept file; None when nobody keeps it."""
    entry = estate.of(reply.kind)[reply.id]
    return entry.origins[0] if entry.hand_kept else None


def _edited(session: Session, estate: Estate, replies: Sequence[Reply]) -> dict[str, str]:
    """New text of each hand-kept file: one edit after the other, each of them proved."""
    texts: dict[str, str] = {}
    for reply in replies:
        place = _place(estate, reply)
        if place is None:
            continue
        text = texts.get(place.path)
        if text is None:
            read = session.documents.read(place.path).load
            text = (read() if read is not None else None) or ""
        pointer = f"{place.pointer}/{reply.path.replace('.', '/')}"
        try:
            texts[place.path] = set_value(text, pointer, reply.value, nested=True)
        except ConfigError as error:
            raise ConfigError(f"{reply.path} of {reply.id} {error.message}", at=place, hint=error.hint) from None
    return texts


def _observed(session: Session, owner: str, replies: Sequence[Reply], shown: str) -> dict[str, str]:
    path = f"{FOLDER}/{slug(owner)}-{session.as_of.isoformat()}.yaml"
    sections: dict[str, list[dict[str, Any]]] = defaultdict(list)
    if path in session.files.of("inventory"):  # a second reply of the same day
        data = session.documents.read(path).data
        sections |= {name: entries for name, entries in data.items() if isinstance(entries, list)}
    made = merged_into(sections, replies, session.as_of, shown)
    return {path: observed_text(HEAD, {name: made[name] for name in SECTION_OF.values() if made.get(name)})}


def _write(session: Session, texts: dict[str, str]) -> None:
    with workspace_lock(session.root, "inventory answer"):
        (session.root / FOLDER).mkdir(parents=True, exist_ok=True)
        for path, text in sorted(texts.items()):
            write_atomic(session.root / path, text, inside=session.root)
