"""What a difference is called where findings are listed: one row per class, as data."""

from __future__ import annotations

from typing import Final, NamedTuple

from retailctl.model.rule import Rule


class Mismatch(NamedTuple):
    """One kind of finding of a comparison."""

    id: str
    name: str
    title: str
    why: str
    fix: str


_DATA: Final = "retailctl:parallel"

ROWS: Final = {
    row.name: row
    for row in (
        Mismatch("parallel-missing", "MISSING_IN_NEW", "A row of the legacy side has arrived on the new side",
                 "What the new flow loses is a sale, a stock movement or a payment that nobody books.",
                 "Follow one of the keys through the new flow: was it sent, refused, or dropped?"),
        Mismatch("parallel-extra", "EXTRA_IN_NEW", "A row of the new side exists on the legacy side",
                 "What only the new flow has is booked twice, or booked for nothing.",
                 "Look where the new flow takes these rows from: test data, another channel, a wrong filter."),
        Mismatch("parallel-key-remap", "KEY_REMAP", "A row has the same key on both sides",
                 "Who looks for the row by its key finds nothing: returns, refunds and claims miss their order.",
                 "Compare the keys of the pairs: a prefix, a check digit, a new counter? Mend the key map."),
        Mismatch("parallel-split-merge", "SPLIT_MERGE", "An order has the same lines on both sides",
                 "The sums agree and the lines do not: whoever books, picks or returns by line books other lines.",
                 "Agree on what a line is: find out which side splits or merges, and at which step."),
        Mismatch("parallel-duplicate", "DUPLICATE", "A key occurs as often on one side as on the other",
                 "A flow that delivers twice books twice, unless the receiver knows that it has seen the message.",
                 "Give the receiver an idempotency key; conflicting copies need a rule which one counts."),
        Mismatch("parallel-key-invalid", "KEY_INVALID", "Every part of a key has a value",
                 "A row without a key cannot be matched, and nobody can say whether it arrived.",
                 "Find out who writes rows without a key, or choose a key that all rows have."),
        Mismatch("parallel-rejected", "REJECTED", "Every value can be read as the type of its column",
                 "What cannot be read is not compared: a run that leaves out rows proves nothing about them.",
                 "Say how the column is written (a normaliser of a plan, --type or --text), or mend the source."),
        Mismatch("parallel-rounding", "ROUNDING", "Amounts agree to the last minor unit",
                 "Cents add up: totals of a day no longer agree with the ledger.",
                 "Round once, in the same place and the same way; or allow it: --tolerance FIELD=0.01."),
        Mismatch("parallel-scale", "SCALE", "Both sides count in the same unit",
                 "A factor of a hundred is cents for euros, or pieces for boxes.",
                 "Name the unit of the field on both sides, and convert where they differ."),
        Mismatch("parallel-sign", "SIGN", "Both sides use the same sign",
                 "Returns and refunds that change sign turn a cost into a sale.",
                 "Agree on the sign of returns, and convert in one place."),
        Mismatch("parallel-tz-shift", "TZ_SHIFT", "Both sides mean the same moment",
                 "Shifted times move sales to another business day, and orders past their promise.",
                 "Write times with their offset; find out which side takes local time for UTC."),
        Mismatch("parallel-truncation", "TRUNCATION", "Values arrive whole",
                 "What is cut is lost: names, addresses and ids no longer match anywhere else.",
                 "Make the receiving column as long as the sending one, and refuse what does not fit."),
        Mismatch("parallel-format", "FORMAT", "Values are written the same way",
                 "Case, blanks and zeros in front make equal ids different for whoever joins them.",
                 "Bring both to one form: a normaliser of a plan (trim, strip_zeros, casefold_ascii, nfc)."),
        Mismatch("parallel-null-default", "NULL_DEFAULT", "Nothing stays nothing",
                 "A default instead of nothing looks like a fact to every report.",
                 "Send nothing as nothing, or agree which default stands for it (null_if, default)."),
        Mismatch("parallel-code-map", "CODE_MAP", "Codes mean the same on both sides",
                 "The two sides use other words for the same state; a table tells them.",
                 "Put the table into the plan (normaliser map), and let somebody confirm each row of it."),
        Mismatch("parallel-stale", "STALE", "The new side has the newest version",
                 "An old version means that a later message was lost or overtaken.",
                 "Order messages by key, or let the receiver refuse what is older than what it has."),
        Mismatch("parallel-value", "VALUE", "Values are equal",
                 "Nothing known explains the difference: it is the kind that a cutover must not carry over.",
                 "Take one of the keys and compare the message with what was written on both sides."),
    )
}  # fmt: skip

NOT_RULED_OUT: Final = frozenset({"parallel-stale", "parallel-key-remap", "parallel-split-merge"})
"""What is told where it is seen, and never ruled out: older versions of a row may be unknown, and labels for rows of
one side are given by the run of a plan only."""


STREAMS: Final = {
    row.name: row
    for row in (
        Mismatch("parallel-order", "ORDER", "Events of one key arrive in order",
                 "A consumer that takes an old state after a newer one overwrites the truth with the past.",
                 "Send events of one key through one partition or queue, and let consumers refuse what is older."),
        Mismatch("parallel-redelivered", "REDELIVERED", "An event is delivered once",
                 "Brokers promise at least once: whoever is not prepared books the same sale twice.",
                 "Let consumers remember the ids that they have seen; send a correction under an id of its own."),
        Mismatch("parallel-late", "LATE", "Events arrive as soon as on the legacy side",
                 "What comes too late was decided without: stock is sold twice, a promise is made that cannot be kept.",
                 "Look at the slowest step of the new flow: batches, polling, retries, a consumer that lags behind."),
    )
}  # fmt: skip
"""What only streams of events have."""


def mismatch_rule(id_: str) -> Rule | None:
    """The rule of that id; None where it is no kind of finding of a comparison."""
    return next((rule for rule in (*rule_rows(), *stream_rule_rows()) if rule.id == id_), None)


GATE: Final = Mismatch(
    "parallel-gate", "GATE", "Every gate of the plan holds",
    "A gate is what was agreed before anybody saw the figures: it says when the new flow may take over.",
    "Look at the classes behind the figure, mend the flow, and run again; only the owner of the plan changes a limit.",
)  # fmt: skip


def rule_rows() -> tuple[Rule, ...]:
    """The same as rules, for reports that list them."""
    return tuple(_rule(row) for row in (*ROWS.values(), GATE))


def stream_rule_rows() -> tuple[Rule, ...]:
    """Those that only streams of events have, as rules."""
    return tuple(_rule(row, "stream of events") for row in STREAMS.values())


def _rule(row: Mismatch, applies_to: str = "parallel run") -> Rule:
    return Rule(
        id=row.id, name=row.name.lower().replace("_", "-"), title=row.title, applies_to=applies_to,
        stage="cutover", severity="error", why=row.why, fix=row.fix, pack=_DATA,
    )  # fmt: skip
