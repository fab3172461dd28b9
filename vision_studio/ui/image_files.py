"""Which files a dialog offers as images, and the dialog that asks for one of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QWidget

_ENDINGS = (
    "jpg jpeg png apng gif webp heic heif avif tif tiff bmp ico jp2 j2k tga ppm pgm pbm pnm mpo svg pdf"
)
IMAGE_FILES = f"Images and PDF ({' '.join(f'*.{ending}' for ending in _ENDINGS.split())});;All files (*)"


def ask_for_image(parent: QWidget, *, object_name: str, title: str, take: Callable[[Path], object]) -> None:
    """Have one image file chosen. The window goes on meanwhile; ``take`` is called with it on OK only."""
    dialog = QFileDialog(parent, title, "", IMAGE_FILES)
    dialog.setOption(QFileDialog.Option.HideNameFilterDetails)
    dialog.setObjectName(object_name)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.fileSelected.connect(lambda chosen: take(Path(chosen)))
    dialog.open()
