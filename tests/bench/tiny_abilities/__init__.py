"""What the bundled demonstration model can do, measured through our engine and real files."""
