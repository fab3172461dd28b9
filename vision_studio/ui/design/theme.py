"""Puts the tokens into the running application and keeps them in step with the system."""

from enum import StrEnum

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory

from vision_studio.ui.design import fonts
from vision_studio.ui.design.palette import palette
from vision_studio.ui.design.stylesheet import stylesheet
from vision_studio.ui.design.tokens import DARK, LIGHT, Colours, Type


class Mode(StrEnum):
    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class Theme(QObject):
    """The look of the whole application. Build one, before the first window, and keep it."""

    changed = (
        Signal()
    )  # after palette and stylesheet are in place; paint code needs it only for what it cached

    def __init__(self, application: QApplication, mode: Mode = Mode.SYSTEM) -> None:
        super().__init__(application)
        self._application = application
        self._mode = mode
        # Platforms that know no colour scheme still have a palette, and only now is it theirs, not ours.
        window = application.palette().color(QPalette.ColorRole.Window)
        text = application.palette().color(QPalette.ColorRole.WindowText)
        self._scheme = Qt.ColorScheme.Dark if window.lightness() < text.lightness() else Qt.ColorScheme.Light
        fonts.register()
        application.setStyle(QStyleFactory.create("Fusion"))
        application.setFont(fonts.font(Type.BODY))
        hints = QGuiApplication.styleHints()
        self._note_scheme(hints.colorScheme())
        hints.colorSchemeChanged.connect(self._follow_system)
        self._shown: Colours | None = None
        self._tell_platform()
        self._refresh()

    @property
    def mode(self) -> Mode:
        return self._mode

    @property
    def colours(self) -> Colours:
        return DARK if self.is_dark else LIGHT

    @property
    def is_dark(self) -> bool:
        if self._mode is Mode.SYSTEM:
            return self._scheme == Qt.ColorScheme.Dark
        return self._mode is Mode.DARK

    def set_mode(self, mode: Mode) -> None:
        if mode is self._mode:
            return
        self._mode = mode
        self._tell_platform()
        self._refresh()

    @Slot(Qt.ColorScheme)
    def _follow_system(self, scheme: Qt.ColorScheme) -> None:
        if self._mode is not Mode.SYSTEM:
            return  # the echo of our own setColorScheme
        self._note_scheme(scheme)
        self._refresh()

    def _note_scheme(self, scheme: Qt.ColorScheme) -> None:
        if scheme != Qt.ColorScheme.Unknown:
            self._scheme = scheme

    def _tell_platform(self) -> None:
        """Ask for window frames and native dialogs to match; platforms that cannot ignore it."""
        hints = QGuiApplication.styleHints()
        if self._mode is Mode.SYSTEM:
            hints.unsetColorScheme()
        else:
            hints.setColorScheme(Qt.ColorScheme.Dark if self._mode is Mode.DARK else Qt.ColorScheme.Light)

    def _refresh(self) -> None:
        if self.colours is self._shown:
            return
        self._shown = self.colours
        self._application.setPalette(palette(self.colours))
        self._application.setStyleSheet(stylesheet(self.colours))
        self.changed.emit()
