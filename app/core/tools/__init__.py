"""Tools that the model may call: what they are, who allows them, how they are run. No Qt.

What a tool gives back is foreign text like any other. It is never read for calls or control
tokens; only calls in the model's own turn, between the real control ids, are calls.
"""
