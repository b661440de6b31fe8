"""Derived facts of what a reader of Odoo saw (``graph/odoo_facts.py``): places of records, as rules read them."""

from __future__ import annotations

from typing import Final

from retailctl.policy.fact import Fact

_CRON: Final = "ir.cron with its code, and one cron that has run"
_KEYS: Final = "all rows of res.users.apikeys"
_RIGHTS: Final = "ir.model.access and ir.model, and ir.model.data to tell who made a row"
_LOG: Final = "a log that tells such calls, and the version of the server"

ODOO_OF_INTERFACES: Final[dict[str, Fact]] = {
    "odoo": Fact("bool", "A record of Odoo is behind it."),
    "odoo_polls": Fact("strings", "Active crons that call outside.", "ir.cron with its code"),
    "odoo_dead_crons": Fact("strings", "Crons that are inactive, overdue or run as an archived user.", _CRON),
    "odoo_dead_mailboxes": Fact(
        "strings",
        "Mailboxes that are inactive, unconfirmed, failing or silent.",
        "fetchmail.server, and a cron that ran",
    ),
    "odoo_open_webhooks": Fact("strings", "Public addresses with nothing but a UUID to guard them.", "base.automation"),
    "odoo_unretried": Fact(
        "strings", "Webhooks that Odoo posts once, whatever comes back.", "a version of Odoo that somebody looked at"
    ),
    "odoo_test_modes": Fact(
        "strings", "Connectors in test mode that customers or shops use.", "the state of the connector in Odoo"
    ),
    "odoo_failing": Fact("strings", "Records whose calls fail, with how many.", "failures as Odoo counts them"),
    "legacy_rpc": Fact("strings", "RPC services that end and that logs show calls to."),
    "legacy_rpc_ends": Fact("string", "With which version they end, in words.", _LOG),
    "legacy_rpc_deprecated": Fact("bool", "The server warns of each such call already.", _LOG),
}

ODOO_OF_CREDENTIALS: Final[dict[str, Fact]] = {
    "odoo": Fact("bool", "It is an account or a key of Odoo."),
    "odoo_shared": Fact("strings", "Accounts that carry keys of several tools, with how many.", _KEYS),
    "odoo_personal": Fact(
        "strings",
        "Accounts of persons that a tool uses, with what shows the person.",
        "credential.human, or signs of use",
    ),
    "odoo_password_only": Fact("strings", "Accounts of machines without any key.", _KEYS),
    "odoo_eternal_keys": Fact("strings", "Keys without a last day.", "Odoo 18 or newer: before, keys have no expiry"),
    "odoo_orphan_keys": Fact("strings", "Keys whose account is archived.", "res.users, archived ones too"),
}

ODOO_OF_SYSTEMS: Final[dict[str, Fact]] = {
    "odoo": Fact("bool", "Records of an Odoo database were read."),
    "odoo_version": Fact("string", "Version of its server."),
    "odoo_open_access": Fact("strings", "Access rows without a group that may write.", _RIGHTS),
    "odoo_open_models": Fact("strings", "Access rows of custom models that name no group.", _RIGHTS),
    "odoo_group_writes": Fact("int", "Models that the widest group made by hand may write.", _RIGHTS),
    "odoo_widest_group": Fact("string", "Place of that group.", _RIGHTS),
    "odoo_overdue_tasks": Fact("strings", "Overdue tasks about interfaces, with days.", "mail.activity"),
    "odoo_ending_transports": Fact("strings", "Transports in use by the scan that end."),
    "odoo_transport_ends": Fact("string", "With which version that transport ends, in words."),
    "odoo_transport_deprecated": Fact("bool", "The server warns of each call over it.", "the version of the server"),
}
