"""Good and bad files of every kind, made by these scripts, each with what must come of it."""
