"""Raw artefacts of the reference estate (``exports/``): what its machines would give, made from what its people wrote.

``python -m tests.reference_estate.artefacts`` writes them anew. Each knows which of its lines are about which
interface, so that a test can tell whether a scan understood them; names of interfaces never stand in them, except in
the register, whose people use the same ids. ``planted`` are the places where machines tell another story.
"""
