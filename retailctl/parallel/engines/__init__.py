"""Who runs the statements: one module per engine."""
