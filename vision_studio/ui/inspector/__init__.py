"""The right of the window: what the next request costs, which limits it meets, and the chosen image."""
