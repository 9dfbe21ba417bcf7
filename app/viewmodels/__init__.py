"""What the window shows and does, as observable objects. QtCore only: no widget, no file."""
