"""Tables of attached files: rows of text, typed, and asked about in SQL. Run in the worker."""
