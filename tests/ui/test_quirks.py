"""Imports after PySide's cost what they cost without it."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
import linecache
from PySide6 import QtWidgets
from vision_studio.ui.quirks import leave_imports_alone
leave_imports_alone()
before = set(linecache.cache)
import pydantic, xml.dom.minidom
from PySide6.QtCore import QObject
QObject().setObjectName("still works")
print(len(set(linecache.cache) - before))
"""


def test_no_module_is_read_as_source_once_qt_is_told():
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["0"]
