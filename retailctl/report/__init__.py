"""One renderer per output format; a renderer never computes a verdict."""
