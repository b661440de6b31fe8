"""Which interface of the estate is this? One canonical key per protocol, one place that decides (estate.md 2 and 3)."""
