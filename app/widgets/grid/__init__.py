"""The checked grid: figures of an answer, their states, corrections and export."""
