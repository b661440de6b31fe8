"""``graph show``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from retailctl.api.loading import load
from retailctl.api.options import AuditOptions
from retailctl.api.session import open_session
from retailctl.graph.estate_graph import EstateGraph
from retailctl.graph.facts import facts
from retailctl.graph.overview import overview
from retailctl.graph.queries import parallels


def graph_show(root: Path | None, options: AuditOptions) -> dict[str, Any]:
    """The shape of the estate as plain values; shares are 0 to 1."""
    session = open_session(root, options)
    graph = EstateGraph(load(session).estate)
    derived = facts(graph, session.as_of)
    page = overview(graph)
    page["duplicates"] = [
        {
            "source": group.source,
            "target": group.target,
            "domain": group.domain,
            "connectors": ", ".join(group.connectors),
            "interfaces": ", ".join(sorted({link.interface for link in group.links})),
        }
        for group in parallels(graph)
        if len(group.connectors) > 1
    ]
    page["second_writers"] = [
        {"domain": name, "writers": ", ".join(one["second_writers"])}
        for name, one in sorted(derived["domain"].items())
        if one.get("second_writers")
    ]
    page["shared_credentials"] = [
        {"credential": name, "systems": ", ".join(one["systems"])}
        for name, one in sorted(derived["credential"].items())
        if len(one.get("systems", ())) > 1
    ]
    return page
