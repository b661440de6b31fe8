"""One file per source: see ``inventory/reading.py`` for what a reader is, and ``index.py`` for the list."""
