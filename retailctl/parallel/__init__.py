"""Parallel runs: does the new flow do what the legacy flow does, why not, and since when."""
