"""The first run: five steps over the window, shown once."""
