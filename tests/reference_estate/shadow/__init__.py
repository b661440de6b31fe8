"""Thirty business days of parallel runs of the reference estate: its data, made here, and the runs over it.

``python -m tests.reference_estate.shadow`` makes the evidence and history of ``migrations/w2-orders`` anew.
"""
