"""A loopback server that speaks the Messages, Files and Models APIs, for use without a key."""
