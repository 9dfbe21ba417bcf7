"""Tools in the window: cards of calls, the list in the inspector, the page of the settings."""
