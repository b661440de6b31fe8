"""Who calls, by a name that may be kept: a declared or technical name in clear, a person or an address never."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from ipaddress import ip_address
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
LOCAL: Final = "localhost"


@dataclass(frozen=True, slots=True)
class Names:
    """``of`` gives a name for an address or host, ``account`` one for a user.

    Accounts of a gateway (``declared``) are configuration: in clear, unless they have the form of an e-mail address.
    """

    pseudonym: Callable[[str], str]
    known: Callable[[str], bool]
    declared: bool = False

    def of(self, address: str) -> str:
        """A declared host as it is written, the machine itself as ``localhost``, everything else a pseudonym."""
        if self.known(address):
            return address
        try:
            if ip_address(address.partition("%")[0]).is_loopback:
                return LOCAL
        except ValueError:
            if address.lower() == LOCAL:
                return LOCAL
        return self.pseudonym(address)

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
    for client, consumer in found:
        address, user = split(client)
        account = names.account(user) if user else None
        host = names.of(address) if address else ""
        name = host if address and names.known(address) else account or host
        if name:
            joined.setdefault((name, account), Consumer()).add(consumer.count, consumer.first, consumer.last)
    ranked = sorted(joined.items(), key=lambda item: (item[0][1] is None and not names.known(item[0][0]), -item[1].count, item[0][0], item[0][1] or ""))  # fmt: skip  # noqa: E501
    certain = sum(1 for (name, account), _ in ranked if account is not None or names.known(name))
    kept, left = ranked[: max(certain, 0) + shown], ranked[max(certain, 0) + shown :]
    seen = tuple(
        SeenConsumer(name=name, identity=account, count=one.count, first_seen=day(one.first), last_seen=day(one.last))
        for (name, account), one in kept
    )
    return seen, sum(one.count for _, one in left)


def day(ordinal: int) -> date | None:
    """The day of an ordinal; None for 0."""
    return date.fromordinal(ordinal) if ordinal else None


def names_of(reading: Reading, *, declared: bool = False) -> Names:
    """The names of a scan."""
    return Names(reading.pseudonym, reading.known, declared)
