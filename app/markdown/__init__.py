"""Markdown of answers to text documents: what is written there can load, open and run nothing."""
