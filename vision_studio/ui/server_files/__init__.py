"""The files on the server in use."""
