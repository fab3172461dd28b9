"""python -m vision_studio.printing BLOBS PDF < HTML: sets a document in type and writes it as a PDF file.

A process of its own, started by the engine: Qt lays text out on the thread that has it, and the window's must
not wait. It needs no screen. Images come from the folder of blobs alone, whatever the document names.
"""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

from PySide6.QtCore import QMarginsF, QSize, Qt, QUrl
from PySide6.QtGui import (
    QFont,
    QFontDatabase,
    QGuiApplication,
    QImage,
    QImageReader,
    QPageLayout,
    QPageSize,
    QPdfWriter,
    QTextBlockFormat,
    QTextCursor,
    QTextDocument,
)

from vision_studio import assets

_DIGEST = re.compile(r"[0-9a-f]{64}")
_MOST_PX = 1600
"""Of a side: what a page of paper shows of an image."""

_DOTS_PER_INCH = 300


class _Document(QTextDocument):
    """Loads images from one folder, and nothing from anywhere else."""

    def __init__(self, blobs: Path) -> None:
        super().__init__()
        self._blobs = blobs

    def loadResource(self, kind: int, name: QUrl | str) -> object:
        url = QUrl(name)
        digest = url.path()
        if url.scheme() != "blob" or not _DIGEST.fullmatch(digest):
            return None
        reader = QImageReader(str(self._blobs / digest[:2] / digest))
        reader.setAutoTransform(True)
        size = reader.size()
        if max(size.width(), size.height()) > _MOST_PX:
            reader.setScaledSize(size.scaled(QSize(_MOST_PX, _MOST_PX), Qt.AspectRatioMode.KeepAspectRatio))
        image = reader.read()
        return image if not image.isNull() else QImage()


def _wrap_code(document: QTextDocument) -> None:
    """Have long lines of code go on below: there is no scrolling on paper."""
    block = document.begin()
    wrapping = QTextBlockFormat()
    wrapping.setNonBreakableLines(False)
    while block.isValid():
        if block.blockFormat().nonBreakableLines():
            QTextCursor(block).mergeBlockFormat(wrapping)
        block = block.next()


def main(arguments: list[str]) -> int:
    """Write the document of standard input; returns 1 if that was not possible."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    blobs, target = Path(arguments[0]), arguments[1]
    application = QGuiApplication([arguments[0]])
    for face in ("Regular", "Italic", "SemiBold", "Bold", "BoldItalic"):
        QFontDatabase.addApplicationFont(str(assets.path(f"fonts/Inter-{face}.otf")))
    document = _Document(blobs)
    document.setDefaultFont(QFont("Inter", 10))
    document.setHtml(sys.stdin.buffer.read().decode("utf-8", "replace"))
    _wrap_code(document)
    writer = QPdfWriter(target)
    writer.setResolution(_DOTS_PER_INCH)
    writer.setCreator("Vision Studio")
    writer.setTitle(document.metaInformation(QTextDocument.MetaInformation.DocumentTitle))
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    writer.setPageMargins(QMarginsF(0, 0, 0, 0), QPageLayout.Unit.Millimeter)  # the document has its own
    document.print_(writer)
    del document, writer, application
    return 0 if Path(target).stat().st_size else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
