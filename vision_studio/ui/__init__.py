"""The window: PySide6 widgets over models of frozen values."""
