"""Files in and out: discovery, settings, the guarded reader, edits, atomic writes, locks, cache."""
