"""The command line: reads arguments and files, asks the engine, shows its events."""
