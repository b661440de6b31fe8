"""Derived facts about duties: owners, zones, approvals, indicators (see ``facts_schema.py``)."""

from __future__ import annotations

from typing import Final

from retailctl.policy.fact import Fact

INTERFACE_DUTIES: Final[dict[str, Fact]] = {
    "record": Fact("string", "System of record of its domain.", "interface.domain, domain.system_of_record"),
    "lifecycle_logged": Fact(
        "string", "State that its log ends with; none for an empty log.", "interface.lifecycle_log"
    ),
    "throttled": Fact(
        "bool",
        "A queue or a limit stands before the provider.",
        "interface.mediation, and a sighting of the gateway with its plugins",
    ),
    "burst_source": Fact("bool", "A channel calls it.", "interface.consumers, system.layer of each"),
    "zones": Fact("strings", "Network zones of its ends.", "interface.provider, interface.consumers, system.zone"),
    "unmapped": Fact(
        "strings",
        "Domain and ends that it names and the inventory does not have.",
        "interface.provider, interface.consumers, interface.domain",
    ),
    "outside_windows": Fact(
        "strings",
        "Runs of a batch outside the posting windows of its domain.",
        "interface.schedule, domain.finance.windows",
    ),
    "shown": Fact("bool", "A dashboard is named.", "interface.dashboard"),
    "compared": Fact("bool", "It is held against something.", "interface.reconciliation.against"),
    "alerted": Fact("bool", "There is an alert.", "interface.alerts"),
    "loose_alerts": Fact(
        "strings", "Alerts that guard none of its objectives.", "interface.alerts[].slo, interface.slo"
    ),
    "paged": Fact("bool", "One of its alerts wakes somebody.", "interface.alerts[].pages"),
    "privileged": Fact("bool", "A credential on it may do everything.", "credential.scopes of its identities"),
}

CREDENTIAL_DUTIES: Final[dict[str, Fact]] = {
    "used_interfaces": Fact("strings", "Interfaces that it signs in to.", "credential.used_by"),
    "in_use": Fact("bool", "It signs in to an interface.", "credential.used_by"),
    "managed": Fact(
        "bool", "Made for a machine, by its kind; false for a person's or a shared one.", "a known credential.kind"
    ),
    "writes": Fact("strings", "Operations of an AI agent other than read.", "credential.operations, credential.scopes"),
    "approved": Fact("bool", "All that an AI agent writes is a step of a process with an approval."),
    "unused_days": Fact("int", "Days since it was last used.", "credential.last_used"),
    "lifetime_days": Fact("int", "Days that it lives once it was issued.", "credential.expires or rotate_days"),
    "used_after_expiry": Fact("bool", "It was used after its last day.", "credential.expires, credential.last_used"),
}

PARTNER_DUTIES: Final[dict[str, Fact]] = {
    "same_credential": Fact("strings", "Other partners with the same credential.", "partner.credential"),
    "credential_wildcards": Fact(
        "strings", "Scopes of its credential that allow everything.", "partner.credential, credential.scopes"
    ),
}

DOMAIN_DUTIES: Final[dict[str, Fact]] = {
    "classes": Fact(
        "strings", "Criticalities of the interfaces that carry it.", "interface.classification.criticality"
    ),
    "indicators": Fact("strings", "Business indicators of the interfaces that carry it.", "interface.kpi"),
}
