"""The list of sessions at the left of the window."""
