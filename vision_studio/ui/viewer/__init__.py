"""The window that shows every pixel a model is shown of one image, with the original to hold beside it."""
