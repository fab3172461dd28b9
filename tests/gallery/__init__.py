"""Renders the main states of the real window to pictures, for whoever changes how it looks."""
