"""The comparison as SQL text: one algorithm, one dialect class with a few hooks per engine. Nothing here runs any."""
