"""The conversation: turns, their pictures, streaming answers and what became of each."""
