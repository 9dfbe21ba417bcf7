"""Answers held to a JSON Schema, tool calls held to their declarations.

llguidance says which tokens may come next; it works in a process of its own (`child`), because
reading a vocabulary holds Python's lock for seconds and because a foreign schema may take for
ever. The engine asks through `worker`. Nothing here is imported by the window.
"""
