"""The nouns: frozen, typed, no I/O. Files are validated into them at the boundary (``workspace``)."""
