"""Pictures that are zoomed into and moved about: what the viewer and the bench share."""
