"""From differing rows to a verdict: what is only late, what it is worth, where it happens, which limit it breaks."""
