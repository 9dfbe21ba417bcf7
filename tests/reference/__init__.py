"""Builds the tiny random checkpoints and their reference outputs with transformers, by hand.

`python -m tests.reference` writes tests/parity/data. Needs the extra `reference`; nothing the
test suite runs imports this package.
"""
