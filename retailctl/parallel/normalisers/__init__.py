"""How values of a source become canonical, as SQL: one file per family, one index."""
