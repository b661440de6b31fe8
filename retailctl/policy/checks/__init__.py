"""Python checks: what CEL cannot say, behind the same row of metadata. One file and one index line each.

A check module holds ``def check(context: CheckContext) -> Iterator[Outcome]`` and yields one outcome per
subject, passes included, so that they can be counted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Final

from retailctl.errors import ConfigError
from retailctl.model.outcome import Outcome
from retailctl.model.rule import Rule
from retailctl.policy.context import CheckContext

Check = Callable[[CheckContext], Iterator[Outcome]]

CHECKS: Final[dict[str, str]] = {
    "approved-matrix": "approved_matrix",
    "business-names": "business_names",
    "canonical-fields": "canonical_fields",
    "conflicting-sightings": "conflicting_sightings",
    "correlation": "correlation",
    "data-classes": "data_classes",
    "declared-not-seen": "declared_not_seen",
    "domain-stewards": "domain_stewards",
    "duplicate-connectors": "duplicate_connectors",
    "environments": "environments",
    "event-catalogue": "event_catalogue",
    "idle-mediation": "idle_mediation",
    "inventory-coverage": "inventory_coverage",
    "literal-secrets": "literal_secrets",
    "overlapping-contracts": "overlapping_contracts",
    "owner-left": "owner_left",
    "payment-references": "payment_references",
    "point-to-point": "point_to_point",
    "price-owners": "price_owners",
    "scale-and-cache": "scale_and_cache",
    "seen-not-declared": "seen_not_declared",
    "sensitive-fields": "sensitive_fields",
    "shared-queue": "shared_queue",
    "sole-broker": "sole_broker",
    "source-identifier": "source_identifier",
    "system-apis": "system_apis",
    "system-of-record": "system_of_record",
    "unmanaged-consumers": "unmanaged_consumers",
    "webhook-protection": "webhook_protection",
}
"""Name in the row of a rule -> module of this folder."""


def load_check(rule: Rule) -> Check:
    """The function behind ``check:`` of a rule; its module is imported now."""
    from retailctl.policy.schema import did_you_mean

    name = rule.check or ""
    module = CHECKS.get(name)
    if module is None:
        raise ConfigError(f"unknown check {name!r} of {rule.id}{did_you_mean(name, CHECKS)}", at=rule.at)
    check: Check = import_module(f"{__name__}.{module}").check
    return check
