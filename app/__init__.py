"""Facet, the workbench for Gemma 4: what a person meets. The model itself lives in `inference`."""

__version__ = "0.1.0"
