"""Every fault a network and a server can have, over real HTTP, and what the user sees of it."""
