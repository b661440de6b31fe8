"""HTTP replay: recorded requests sent to legacy and new, and their answers compared (parallel.md section 17)."""
