"""Renderers: one module per output format. They yield plain text and never compute a verdict."""
