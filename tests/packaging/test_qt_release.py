"""The Qt that is installed can be used for hours."""

from __future__ import annotations

import subprocess
import sys

_STREAM = """
from PySide6.QtCore import QObject
receiver = QObject()
for _ in range(60_000):
    receiver.setObjectName("x")
print("alive")
"""


def test_qt_survives_the_calls_of_a_long_answer() -> None:
    """PySide6 6.12.0 loses a reference to None in every void call and aborts Python 3.11 after some 5,000."""
    assert subprocess.run([sys.executable, "-c", _STREAM], capture_output=True, text=True).stdout == "alive\n"
