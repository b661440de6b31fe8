"""The verbs of ``retailctl contract``: documents from files and revisions, consumers from the estate, one report."""
