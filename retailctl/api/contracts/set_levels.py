"""``severity:`` of a workspace's settings, as far as it is about contracts."""

from __future__ import annotations

from retailctl.api.rule_names import table_of
from retailctl.api.session import Session
from retailctl.contracts.rules.levels import SetLevel
from retailctl.contracts.rules.severity_file import checked
from retailctl.errors import Location


def change_levels(session: Session) -> dict[str, SetLevel]:
    """The levels that the settings give to contract changes. Raises ConfigError for a name that no rule has."""
    return checked((name, word, Location("retailctl.yaml")) for name, word in _of(session, "change").items())


def lint_levels(session: Session) -> dict[str, str]:
    """The severity, or "off", that the settings give to rows of lint. Raises ConfigError as above."""
    return _of(session, "lint")


def _of(session: Session, table: str) -> dict[str, str]:
    named = session.settings.severity or {}
    if any(name not in session.pack.rules for name in named):  # reading the packs holds all names against the tables
        return {name: word for name, word in named.items() if table_of(name) == table}
    return {}
