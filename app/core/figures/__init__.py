"""Figures of an answer: read from its tables and JSON, compared, added up, written to files."""
