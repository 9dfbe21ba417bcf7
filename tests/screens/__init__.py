"""Pictures of the window in every state worth looking at: `python -m tests.screens --out DIR`."""
