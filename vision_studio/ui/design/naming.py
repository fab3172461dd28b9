"""Gives a widget the two names nobody should be able to forget: one for code and tests, one for people."""

from PySide6.QtWidgets import QWidget


def name(widget: QWidget, object_name: str, accessible_name: str | None = None) -> None:
    """Set objectName, and accessibleName unless the widget's visible text already serves as one (None).

    Raises ValueError for an empty name.
    """
    if not object_name:
        raise ValueError(f"{type(widget).__name__} needs an object name")
    widget.setObjectName(object_name)
    if accessible_name is None:
        return
    if not accessible_name.strip():
        raise ValueError(f"{object_name} needs an accessible name")
    widget.setAccessibleName(accessible_name)
