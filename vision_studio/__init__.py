"""Vision Studio: a desktop application for asking Claude about pictures."""

__version__ = "0.1.0"
