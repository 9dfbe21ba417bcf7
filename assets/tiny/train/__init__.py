"""How the bundled demonstration model was made: data, towers, decoder, export."""
