"""Long recordings: pieces, transcripts, and the files they can be written to."""
