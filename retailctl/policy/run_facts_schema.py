"""Derived facts of what moves (``graph/run_facts.py``): runs, drills and measurements as rules read them."""

from __future__ import annotations

from typing import Final

from retailctl.policy.fact import Fact

_COVERS: Final = "a plan of its wave with covers, and a run of each such plan as it is now"
_EVIDENCE: Final = "in the values of evidence that covers it"
_DUPLICATES: Final = f"duplicates_injected and duplicates_found {_EVIDENCE}"
_SLO: Final = "slo of what takes over, and evidence of kind slo_window over the window of each"
_EXCEPTIONS: Final = f"exceptions_technical, exceptions_business and exceptions_unsorted {_EVIDENCE}"
_BREAKS: Final = "control totals of a run, or evidence of kind checkpoint with breaks"
_LAG: Final = f"lag_p95_minutes {_EVIDENCE}"
_TRACE: Final = f"trace_join_rate {_EVIDENCE}"

RUN_FACTS: Final[dict[str, Fact]] = {
    "moving": Fact("bool", "A wave moves it: it is among the units.", "every wave of migrations/"),
    "waves": Fact("strings", "The waves that move it."),
    "parallel_plans": Fact("strings", "Plans of parallel runs that cover it.", "a wave that moves it"),
    "run_age_days": Fact("int", "Days since the last business day of the oldest of its newest runs.", _COVERS),
    "run_verdict": Fact("string", "pass, fail or unknown: the worst of its newest runs.", _COVERS),
    "run_days": Fact("int", "Business days that were compared.", _COVERS),
    "run_matched_ratio": Fact("double", "Share of keys that are equal or accepted.", _COVERS),
    "run_coverage": Fact("double", "Share of active stores with rows on both sides.", _COVERS),
    "run_unexplained": Fact("int", "Rows that no known cause explains.", _COVERS),
    "run_duplicates": Fact("int", "Further copies of a key on the new side.", _COVERS),
    "run_defects": Fact("double", "Share of rows that were rejected or have no key.", _COVERS),
    "run_clean_days": Fact("int", "Business days in a row, up to the newest, on which every gate held.", _COVERS),
    "run_closes": Fact("int", "Ends of a month among those days.", _COVERS),
    "trace_join_rate": Fact("double", "Share of messages whose correlation id was found at every hop.", _TRACE),
    "trace_days": Fact("int", "Days since that was measured.", _TRACE),
    "lag_minutes": Fact("double", "How late the data is, in minutes: 95 of 100 are younger.", _LAG),
    "lag_days": Fact("int", "Days since that was measured.", _LAG),
    "duplicates_injected": Fact("int", "Messages that were delivered twice on purpose.", _DUPLICATES),
    "duplicates_found": Fact("int", "Of those, how many had an effect twice.", _DUPLICATES),
    "duplicate_test_days": Fact("int", "Days since that test.", _DUPLICATES),
    "unsorted_exceptions": Fact("double", "Share of exceptions that are neither technical nor business.", _EXCEPTIONS),
    "exceptions_days": Fact("int", "Days since they were counted.", _EXCEPTIONS),
    "checkpoint_breaks": Fact("int", "Groups of the newest reconciliation that did not tie.", _BREAKS),
    "checkpoint_days": Fact("int", "Days since that reconciliation.", _BREAKS),
    "slo_unmet": Fact("strings", "Objectives that were not met, with what was measured.", _SLO),
    "slo_days": Fact("int", "Days since the end of the window that was measured.", _SLO),
    "seen_per_day": Fact(
        "int", "Calls or messages a day, as a log counts them.", "a sighting with count, and coverage with a window"
    ),
}

RUN_FACTS_OF_EVENTS: Final[dict[str, Fact]] = {
    "moving": Fact("bool", "A wave moves an interface that carries it.", "every wave of migrations/"),
    "duplicates_found": Fact("int", "Messages delivered twice that had an effect twice.", _DUPLICATES),
    "duplicate_test_days": Fact("int", "Days since that test.", _DUPLICATES),
}
