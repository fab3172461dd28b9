"""Runs the real application and tells, a JSON line each, what a person would see happen."""

from __future__ import annotations

import json
import sys
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QObject, QPoint, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu, QWidget

from vision_studio.app import Application, Options, make_qt_application, sample_paths
from vision_studio.core.draft import Draft
from vision_studio.engine import options as engine_options
from vision_studio.engine.options import Wish
from vision_studio.practice import PracticeServer
from vision_studio.ui.composer.chips import marks
from vision_studio.ui.composer.screen_picker import ScreenPicker
from vision_studio.ui.composer.strip import StripView
from vision_studio.ui.design.findings import Notice
from vision_studio.ui.signals import SignalsEndTheApplication


def tell(event: str, **facts: Any) -> None:
    sys.stdout.write(json.dumps({"event": event, **facts}) + "\n")
    sys.stdout.flush()


def place(widget: QWidget, point: QPoint | None = None) -> list[int]:
    """Where a point of a widget, its middle by default, is on the screen."""
    spot = widget.mapToGlobal(point if point is not None else widget.rect().center())
    return [spot.x(), spot.y()]


class Teller(QObject):
    """Watches the window."""

    def __init__(self, application: Application) -> None:
        super().__init__()
        self._window = application.window
        bridge = application.bridge
        bridge.session_opened.connect(lambda event: self._tell_session("opened"))
        bridge.import_progressed.connect(self._tell_import)
        bridge.turn_started.connect(lambda event: tell("started"))
        bridge.text_arrived.connect(lambda event: tell("text", text=event.text))
        bridge.turn_ended.connect(self._tell_end)
        bridge.noticed.connect(lambda event: tell("noticed", kind=event.failure.kind.value))
        bridge.original_ready.connect(lambda event: QTimer.singleShot(500, self, self._tell_sight))
        self._window.viewing.dialog.canvas.original_shown.connect(lambda shown: tell("original", shown=shown))
        QGuiApplication.instance().installEventFilter(self)
        self._window.composer.draft_changed.connect(self._tell_draft)
        self._window.composer.strip.current_changed.connect(lambda image: self._tell_places())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.WindowActivate and isinstance(watched, ScreenPicker):
            tell("choosing")
        elif event.type() == QEvent.Type.WindowActivate and watched is self._window:
            tell("front")
        elif event.type() == QEvent.Type.Show and isinstance(watched, QMenu):
            tell("menu", name=watched.objectName())
        elif event.type() == QEvent.Type.Show and isinstance(watched, Notice):
            tell("notice", words=watched.accessibleName())
        elif event.type() == QEvent.Type.WindowDeactivate and watched is self._window:
            tell("back")
        return False

    def _tell_session(self, event: str) -> None:
        draft = self._window.composer.draft
        tell(event, names=[image.name for image in draft.images], text=draft.text)
        QTimer.singleShot(200, self, self._tell_places)  # once the window manager has placed the window

    def _tell_import(self, event: Any) -> None:
        if event.done == event.total:
            tell("imported")
            QTimer.singleShot(200, self, self._tell_places)  # once the strip is laid out

    def _tell_end(self, event: Any) -> None:
        tell("ended", outcome=event.turn.answer.outcome.value)
        QTimer.singleShot(200, self, self._tell_places)  # once the answer is laid out

    def _tell_sight(self) -> None:
        """Tell where the image is, once the window manager has placed the viewer and it is painted."""
        canvas = self._window.viewing.dialog.canvas
        there = canvas.camera.place.toRect().translated(canvas.mapToGlobal(QPoint()))
        tell("sight", place=[there.left(), there.top(), there.right() + 1, there.bottom() + 1])

    def _tell_draft(self, draft: Draft) -> None:
        tell("draft", names=[image.name for image in draft.images], text=draft.text)
        if draft.mentions:
            QTimer.singleShot(200, self, self._tell_places)  # once the chips are laid out

    def _tell_places(self) -> None:
        composer = self._window.composer
        strip = composer.strip
        cards = [
            place(strip.viewport(), strip.visualRect(composer.images.index(row)).topLeft() + QPoint(40, 60))
            for row in range(composer.images.rowCount())
        ]
        sent = [
            place(strip.viewport(), strip.visualRect(strip.model().index(0, 0)).topLeft() + QPoint(40, 60))
            for strip in self._window.transcript.findChildren(StripView)
        ]
        tell(
            "places",
            composer=place(composer),
            prompt=place(composer.prompt),
            cards=cards,
            edge=place(strip.viewport(), QPoint(60, strip.viewport().height() - 6)),
            sent=sent,
            chips=[
                place(composer.prompt.viewport(), composer.prompt.chip_box(position).center().toPoint())
                for position, _ in marks(composer.prompt.document())
            ],
            screenshot=place(composer.screenshot),
        )


def main(folder: str, *files: str) -> int:
    qt = make_qt_application(["vision-studio"])
    SignalsEndTheApplication(qt)
    engine = engine_options.Options(Path(folder), Wish(practice=True), sample_paths(), environment={})
    practice = partial(PracticeServer, pace_tokens_per_s=150.0)
    application = Application(qt, Options(engine, tuple(map(Path, files)), practice))
    teller = Teller(application)
    qt.aboutToQuit.connect(application.stop)
    application.window.move(20, 40)
    application.start()
    status = qt.exec()
    teller.deleteLater()
    tell("left")
    return status


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
