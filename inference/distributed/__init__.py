"""One model over several computers: every rank holds a share of each layer and sums its part.

Rank 0 has the conversation, draws the tokens and tells the others what to compute; they hold
their share of the weights and of the KV cache and know no text.
"""
