"""Who calls, by a name that may be kept: a declared or technical name in clear, a person or an address never."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from retailctl.inventory.reading import Reading
from retailctl.inventory.traffic.uses import Consumer
from retailctl.model.redaction import redact
from retailctl.model.seen import SeenConsumer

# An account whose name says that it is no person.
_TECHNICAL: Final = re.compile(
    r"(?:^|[^a-z])(?:svc|service|api|apis|app|application|bot|robot|integration|integrations|connector|connect|sync|"
    r"system|daemon|worker|batch|cron|etl|gateway|proxy|webhook|webhooks|machine|client|job|jobs|importer|exporter|"
    r"middleware|esb|edi|monitor|monitoring|probe)(?:$|[^a-z])"
)
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._ @/:-]{0,63}")
_WORDS: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class Names:
    """``of`` gives a name for an address or host, ``account`` one for a user.

    Accounts of a gateway (``declared``) are configuration: in clear, unless they have the form of an e-mail address.
    """

    pseudonym: Callable[[str], str]
    known: Callable[[str], bool]
    declared: bool = False

    def of(self, address: str) -> str:
        """A declared host as it is written, everything else a pseudonym."""
        return address if self.known(address) else self.pseudonym(address)

    def account(self, user: str) -> str:
        """A declared or technical account by name, a person's as a pseudonym."""
        clear = self.known(user)
        if not clear and "@" not in user and _NAME.fullmatch(user) and redact(user) == user:
            clear = self.declared or _TECHNICAL.search(_WORDS.sub("_", user).lower()) is not None
        return user if clear else self.pseudonym(user)


def split(client: bytes) -> tuple[str, str]:
    """Address and user of ``address ident user``; empty for what is not known."""
    address, _, rest = client.decode("utf-8", "replace").partition(" ")
    user = rest.partition(" ")[2].strip().strip('"')
    return ("" if address in ("-", "") else address), ("" if user in ("-", "") else user)


def consumers(
    found: Iterable[tuple[bytes, Consumer]], names: Names, shown: int
) -> tuple[tuple[SeenConsumer, ...], int]:
    """Consumers by name, those with an account first, and the number of calls of clients that are left out.

    All with an account or a declared name are kept, of the others the ``shown`` that call most.
    """
    joined: dict[tuple[str, str | None], Consumer] = {}
    certain: set[tuple[str, str | None]] = set()
    for client, consumer in found:
        address, user = split(client)
        account = names.account(user) if user else None
        declared = bool(address) and names.known(address)
        name = address if declared else account or (names.of(address) if address else "")
        if name:
            joined.setdefault((name, account), Consumer()).add(consumer.count, consumer.first, consumer.last)
            if declared or account:
                certain.add((name, account))
    ranked = sorted(joined, key=lambda key: (key not in certain, -joined[key].count, key[0], key[1] or ""))
    kept, left = ranked[: len(certain) + shown], ranked[len(certain) + shown :]
    seen = tuple(
        SeenConsumer(
            name=name,
            identity=account,
            count=joined[name, account].count,
            first_seen=day(joined[name, account].first),
            last_seen=day(joined[name, account].last),
        )
        for name, account in kept
    )
    return seen, sum(joined[key].count for key in left)


def day(ordinal: int) -> date | None:
    """The day of an ordinal; None for 0."""
    return date.fromordinal(ordinal) if ordinal else None


def names_of(reading: Reading, *, declared: bool = False) -> Names:
    """The names of a scan."""
    return Names(reading.pseudonym, reading.known, declared)
