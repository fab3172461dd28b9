"""What macOS tells a running application of."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

PROBE = """
from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QFileOpenEvent
from vision_studio.app import make_qt_application
qt = make_qt_application(["vision-studio"])
qt.file_opened.connect(lambda path: print(path))
QCoreApplication.sendEvent(qt, QFileOpenEvent("/photos/a b.png"))
"""


def test_a_file_that_the_finder_wants_opened_is_told():
    # In a process of its own: there is one application to a process, and the tests have theirs.
    root = Path(__file__).resolve().parents[2]
    told = subprocess.run([sys.executable, "-c", PROBE], cwd=root, capture_output=True, text=True)
    assert (told.stdout.splitlines(), told.returncode) == ([str(Path("/photos/a b.png"))], 0), told.stderr
