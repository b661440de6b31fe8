"""What stays of a replay: evidence and history as of any parallel run, and the noise that it has learned."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

from retailctl.api.parallel.evidence import Recorded, record, recorded_runs
from retailctl.api.parallel.identity import Identity
from retailctl.api.parallel.sealing import digest
from retailctl.api.replay.plans import LoadedPlan
from retailctl.errors import IncompleteError
from retailctl.model.durations import seconds
from retailctl.model.parallel_run import ParallelSummary
from retailctl.model.replay_run import ReplayRun
from retailctl.parallel.business_days import BusinessDays
from retailctl.parallel.judgement.gates import verdict_of
from retailctl.parallel.judgement.streaks import Run, with_streaks
from retailctl.parallel.replay.collect import RouteRecord
from retailctl.parallel.replay.learned import Learned, as_data, from_data, learned_of
from retailctl.parallel.replay.outcome import Outcome
from retailctl.workspace.atomic import write_atomic
from retailctl.workspace.content import content_of
from retailctl.workspace.lock import STATE_FOLDER, workspace_lock

_ENGINE: Final = "http"
_FOLDER: Final = "replay"
_LONGEST: Final = 16 << 20


@dataclass(frozen=True, slots=True)
class History:
    """What earlier runs of a plan leave to this one, which is of ``today``: their gates, and the noise they learned."""

    plan: str
    today: date
    runs: tuple[Run, ...]
    learned: Mapping[str, Learned]
    remark: str = ""


def history(loaded: LoadedPlan) -> History:
    """Read before anything is sent. Raises ConfigError for a history of runs that cannot be understood."""
    if not loaded.in_wave:
        return History(loaded.sha256, loaded.as_of, (), {})
    recorded = Recorded(_identity(loaded, {}), loaded.as_of.isoformat())
    known = History(loaded.sha256, loaded.as_of, tuple(recorded_runs(loaded.root, recorded)), {})
    wanted = seconds(loaded.plan.noise.keep or "")
    if wanted is None or not loaded.plan.noise.pairs:
        return known
    learned, remark = _stored(loaded)
    oldest = loaded.as_of - timedelta(seconds=min(float(wanted), 1e9))
    young = {name: one for name, one in learned.items() if oldest <= one.at <= loaded.as_of}
    return replace(known, learned=young, remark=remark)


def with_history(run: ReplayRun, before: History) -> ReplayRun:
    """The run with the days of its gates, from which the verdict follows, and with what earlier runs left to it."""
    gates = with_streaks(run.gates, before.runs, {}, before.plan, before.today, BusinessDays(None))
    return replace(run, gates=gates, verdict=verdict_of(gates), learned=_told(run, before.learned))


def keep(
    loaded: LoadedPlan, made: Outcome, recording: Path, routes: Iterable[RouteRecord], before: History
) -> list[str]:
    """Write evidence, a line of history, and learned noise; what was written, in words.

    A plan that is in no wave leaves nothing, and that is said. Raises IncompleteError where the workspace cannot be
    written.
    """
    if not loaded.in_wave:
        return ["nothing is recorded: the plan is in no migrations/<wave>/parallel/ of a workspace"]
    run = made.run
    answers = [(one.route, one.spot, one.requests, one.weight) for one in made.spots]
    inputs = {
        "requests": [_file(recording)],
        "answers": [{"name": "of both services", "bytes": 0, "digest": digest([answers, _counts(run)])}],
    }
    recorded = Recorded(_identity(loaded, inputs), loaded.as_of.isoformat())
    summary = ParallelSummary(
        legacy=loaded.plan.legacy.base_url, new=loaded.plan.new.base_url, key=(), rows=run.rows, classes=run.classes,
        gates=run.gates, values=run.values, engine=_ENGINE,
    )  # fmt: skip
    with workspace_lock(loaded.root, f"parallel replay {loaded.name}"):  # the history is read and written as one
        written = list(record(loaded.root, recorded, summary, run.verdict, {}))
        if loaded.plan.noise.keep is not None:
            _store(loaded, {**before.learned, **learned_of(((one.route, one.ledger) for one in routes), loaded.as_of)})
    return [f"wrote {name}" for name in written]


def _identity(loaded: LoadedPlan, inputs: Mapping[str, list[dict[str, Any]]]) -> Identity:
    return Identity(
        path=loaded.path, plan_sha256=loaded.sha256, at=loaded.as_of.isoformat(), window={}, inputs=inputs,
        engine=_ENGINE,
    )  # fmt: skip


def _counts(run: ReplayRun) -> list[Any]:
    return [run.verdict, run.requests, run.sent, run.not_sent, [(one.route, one.classes) for one in run.routes]]


def _file(path: Path) -> dict[str, Any]:
    try:
        return {"name": path.name, **content_of(path)._asdict()}
    except OSError as error:
        raise IncompleteError(f"{path.name} cannot be read ({error.strerror or type(error).__name__})") from None


def _told(run: ReplayRun, learned: Mapping[str, Learned]) -> str:
    used = [learned[one.route] for one in run.routes if one.route in learned]
    if not used:
        return ""
    return f"as of {min(one.at for one in used)}, of {sum(one.pairs for one in used):,} pairs"


def _place(loaded: LoadedPlan) -> Path:
    name = hashlib.sha256(loaded.path.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return loaded.root / STATE_FOLDER / _FOLDER / f"{name}.json"


def _stored(loaded: LoadedPlan) -> tuple[dict[str, Learned], str]:
    """The noise that was learned under the very same plan. What cannot be used is learned anew."""
    place = _place(loaded)
    try:
        if place.stat().st_size > _LONGEST:
            return {}, "the noise that was learned is too long to be read; it is learned anew"
        data = json.loads(place.read_bytes())
        return (from_data(data["routes"]) if data["plan_sha256"] == loaded.sha256 else {}), ""
    except FileNotFoundError:
        return {}, ""
    except (OSError, KeyError, TypeError, ValueError, RecursionError) as error:
        return {}, f"the noise that was learned cannot be used ({type(error).__name__}); it is learned anew"


def _store(loaded: LoadedPlan, learned: Mapping[str, Learned]) -> None:
    place = _place(loaded)
    data = {"version": 1, "plan": loaded.name, "plan_sha256": loaded.sha256, "routes": as_data(learned)}
    try:
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise IncompleteError(f"{STATE_FOLDER} cannot be written: {reason}", hint="check its permissions") from None
    write_atomic(place, json.dumps(data, indent=1, sort_keys=True) + "\n", inside=loaded.root, mode=0o600)
