"""``parallel replay``: a plan read, its requests sent, the answers judged, and a report made of it."""
