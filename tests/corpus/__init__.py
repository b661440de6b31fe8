"""Tests that measure against the corpora, and the measurements by themselves: ``python -m tests.corpus.oasdiff``."""
