"""Who reads whose data: the differences of two trees, and the readings that each of them breaks."""
