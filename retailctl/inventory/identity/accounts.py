"""Accounts: who uses a credential, as declared. A log often knows the account of a caller and not the caller."""

from __future__ import annotations

from collections import defaultdict

from retailctl.inventory.identity.names import Names
from retailctl.model.estate import Estate
from retailctl.model.seen import SeenConsumer


class Accounts:
    """Systems by the credential that they are declared to use."""

    def __init__(self, estate: Estate) -> None:
        users: dict[str, set[str]] = defaultdict(set)
        for entry in estate.of("interface").values():
            for consumption in entry.noun.consumers or ():
                if consumption.identity:
                    users[consumption.identity].add(consumption.system)
        for entry in estate.of("credential").values():
            if entry.noun.name and entry.id in users:
                users[entry.noun.name] |= users[entry.id]
        self._users = users

    def user(self, consumer: SeenConsumer, names: Names) -> str:
        """The only system that is declared to use the account; empty when the name is a system, or nobody is sure."""
        if names.resolve(consumer.name) is not None:
            return ""
        for account in (consumer.identity, consumer.name):
            systems = self._users.get(account or "", set())
            if len(systems) == 1:
                return next(iter(systems))
        return ""
