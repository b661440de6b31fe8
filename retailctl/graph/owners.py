"""Owners as teams of the inventory."""

from __future__ import annotations

from collections.abc import Callable

from retailctl.graph.estate_graph import EstateGraph


def owner_status(graph: EstateGraph) -> Callable[[str], str | None]:
    """Gives active, inactive or missing for a team.

    None when no team is declared at all, or a file that may declare it was not read: then nobody can tell.
    """
    teams = graph.estate.of("team")

    def status(owner: str) -> str | None:
        if not teams:
            return None
        if owner not in teams:
            return None if graph.estate.unread_of("team") else "missing"
        return "inactive" if teams[owner].noun.active is False else "active"

    return status
