"""What Facet keeps and decides, without a window: conversations, store, preferences, requests."""
