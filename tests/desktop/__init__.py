"""The window on a real X server, with real keys, a real pointer and real drags between programs."""
