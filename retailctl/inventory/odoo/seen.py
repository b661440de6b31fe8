"""From the records of one Odoo database to sightings: every topic is a module of its own beside this one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from retailctl.inventory.odoo.access import access
from retailctl.inventory.odoo.accounts import accounts
from retailctl.inventory.odoo.connectors import connectors
from retailctl.inventory.odoo.crons import actions, crons
from retailctl.inventory.odoo.database import Database
from retailctl.inventory.odoo.mail import mail
from retailctl.inventory.odoo.oca import frameworks
from retailctl.inventory.odoo.parameters import parameters
from retailctl.inventory.odoo.records import OdooRecords
from retailctl.inventory.odoo.system import coverage, system
from retailctl.inventory.odoo.webhooks import inbound, outbound
from retailctl.inventory.reading import Found, Reading
from retailctl.model.seen import Seen

_TOPICS: Final[tuple[Callable[[Database], Iterator[Seen]], ...]] = (
    system, crons, actions, outbound, inbound, accounts, access, parameters, mail, connectors, frameworks,
)  # fmt: skip


def found(records: OdooRecords, reading: Reading, *, declared: frozenset[str] = frozenset()) -> Iterator[Found]:
    """Sightings and coverage of one database. Never raises for what a record holds.

    Logins of service accounts that the inventory declares (``declared``, ``Reading.known``) are shown; all others stay
    ``res.users:<id>``. No name that somebody gave a record, no value of a secret and no address of a webhook is in
    what comes out.
    """
    database = Database(records=records, reading=reading, declared=declared)
    for topic in _TOPICS:
        yield from topic(database)
    yield from coverage(database)
