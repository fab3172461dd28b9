"""The window: PySide6 widgets over models of frozen values."""

from vision_studio.ui.quirks import leave_imports_alone

leave_imports_alone()  # first: reading the sources of the rest of the window took a third of the start
