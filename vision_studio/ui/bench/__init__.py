"""The image bench: crop, turn, straighten, redact and mark an image; the original stays as it was."""
