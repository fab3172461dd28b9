"""Pictures on their way out of the application: to other programs, by drag and clipboard, and to folders."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QDir, QEventLoop, QObject, QStandardPaths, Qt, QTimer, SignalInstance
from PySide6.QtWidgets import QFileDialog, QWidget

from vision_studio.core import words
from vision_studio.core.draft import Image
from vision_studio.core.events import ImagesSaved
from vision_studio.core.export_names import export_name
from vision_studio.ui.bridge import EngineBridge
from vision_studio.ui.composer.cards import CardsMime

PATIENCE_MS = 20_000
"""How long another program is let wait for what it asked. Its own patience is rarely longer."""


class Exports(QObject):
    """Makes what drags and the clipboard carry, and asks where pictures are to be saved."""

    def __init__(self, bridge: EngineBridge, parent: QWidget) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._window = parent
        self._folder = _usual_folder()
        """Where pictures are saved next."""

    def carrying(self, images: Sequence[Image], moving: bool) -> CardsMime:
        """Return pictures for a drag or the clipboard; other programs are offered those that are here."""
        here = [image for image in images if _is_here(image)]
        return CardsMime(images, moving, _Offer(self._bridge, here) if here else None)

    def save(self, images: Sequence[Image]) -> None:
        """Ask where to save pictures. The dialog does not block: the window goes on."""
        here = [image for image in images if _is_here(image)]
        if not here:
            return
        dialog = QFileDialog(self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setObjectName("save-images")
        dialog.setDirectory(self._folder)
        if len(here) == 1:
            dialog.setWindowTitle("Save image as")
            dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
            dialog.setNameFilter("All files (*)")
            dialog.selectFile(export_name(here[0]))
            dialog.fileSelected.connect(lambda name: self._save_one(here[0], Path(name)))
        else:
            dialog.setWindowTitle(f"Save {words.counted(len(here), 'image')} in")
            dialog.setFileMode(QFileDialog.FileMode.Directory)
            dialog.setOption(QFileDialog.Option.ShowDirsOnly)
            dialog.fileSelected.connect(lambda name: self._save_all(here, Path(name)))
        dialog.open()

    def _save_one(self, image: Image, path: Path) -> None:
        self._folder = str(path.parent)
        self._bridge.save_image(image, path)

    def _save_all(self, images: Sequence[Image], folder: Path) -> None:
        self._folder = str(folder)
        self._bridge.save_images(images, folder)


def saved_sentence(saved: ImagesSaved) -> str:
    """Say what was saved, and where."""
    what = f"“{saved.names[0]}” was" if len(saved.names) == 1 else f"{len(saved.names)} images were"
    return f"{what} saved in “{saved.folder}”." if saved.folder else f"{what} saved."


class _Offer:
    """Has the engine make files of pictures, each kind once, when another program asks for it."""

    def __init__(self, bridge: EngineBridge, images: Sequence[Image]) -> None:
        self._files = _Answer(bridge, bridge.images_lent, lambda ticket: bridge.lend_images(ticket, images))
        self._png = _Answer(
            bridge, bridge.picture_encoded, lambda ticket: bridge.encode_image(ticket, images[0])
        )
        self.has_png = len(images) == 1

    def files(self) -> Sequence[Path]:
        lent = self._files.wait()
        return lent.paths if lent is not None else ()

    def png(self) -> bytes | None:
        encoded = self._png.wait() if self.has_png else None
        return encoded.png if encoded is not None else None


class _Answer(QObject):
    """One question to the engine, and its answer."""

    def __init__(self, bridge: EngineBridge, answered: SignalInstance, ask: Callable[[str], None]) -> None:
        super().__init__()
        self._ticket = uuid.uuid4().hex
        self._ask = ask
        self._asked = False
        self._answer: Any = None
        self._waiting: QEventLoop | None = None
        self._bridge = bridge
        answered.connect(self._take)
        bridge.stopped.connect(self._stop_waiting)

    def wait(self) -> Any:
        """Return the answer, once it is there; None if there will be none.

        Qt wants it here and now. The window goes on meanwhile, but for keys and clicks.
        """
        if not self._asked:
            self._asked = True
            self._ask(self._ticket)
        if self._answer is None and self._waiting is None and self._bridge.is_running:
            loop = self._waiting = QEventLoop()
            patience = QTimer()
            patience.setSingleShot(True)
            patience.timeout.connect(loop.quit)
            patience.start(PATIENCE_MS)
            loop.exec(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)
            patience.stop()
            self._waiting = None
        return self._answer

    def _take(self, event: Any) -> None:
        if event.ticket == self._ticket:
            self._answer = event
            self._stop_waiting()

    def _stop_waiting(self) -> None:
        if self._waiting is not None:
            self._waiting.quit()


def _is_here(image: Image) -> bool:
    """Tell whether a picture has, or will have, bytes here: one that stays at its address has none."""
    return image.digest is not None or image.url is None


def _usual_folder() -> str:
    pictures = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation)
    return pictures if QDir(pictures).exists() else QDir.homePath()
