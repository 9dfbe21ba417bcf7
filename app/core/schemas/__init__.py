"""What the person writes for the form of an answer, turned into a JSON Schema."""
