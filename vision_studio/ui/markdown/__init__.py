"""The answer view: Markdown that streams in, loads nothing and never holds the window up."""
