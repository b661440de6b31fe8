"""One notion of compatibility for every schema language: who reads whose data, and what of it cannot be read."""
