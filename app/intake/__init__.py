"""Foreign files to plain arrays for the engine. Every limit is a parameter; nothing is written.

Nothing is imported here: the window's process uses the values and the worker of this package, and
only the file reader's own process, and a question on the command line, load the decoders.
"""

CHILD_WORD = "intake-child"  # of the bundled program, which has no interpreter to start
