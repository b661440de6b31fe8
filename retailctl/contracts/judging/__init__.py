"""Judgement: how grave a change is, whether it is proven, and the case that proves it."""

from retailctl.contracts.judging.judge import Judged, Judgement, JudgeOptions, judge

__all__ = ["JudgeOptions", "Judged", "Judgement", "judge"]
