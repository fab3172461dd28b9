"""Mends what the checks found: each fix is one step of undo, and so are all of them together."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from PySide6.QtGui import QUndoCommand

from vision_studio.core.draft import Image
from vision_studio.core.fixes import Fix
from vision_studio.core.tiling import Box
from vision_studio.ui.composer.history import ComposerHistory
from vision_studio.ui.numbers import Seen

_MOST = 20
"""Fixes in one go: each may bring another finding to light, and none may go round in circles."""


class Fixing:
    """Applies fixes to the composer's draft and to the session's model.

    ``look`` gives the numbers as they are now; ``choose_model`` changes the model that is asked. ``split``
    has parts of an image take its place, which takes a moment and is a step of its own. ``take_out`` removes
    the mentions of images from the question.
    """

    def __init__(
        self,
        history: ComposerHistory,
        look: Callable[[], Seen | None],
        choose_model: Callable[[str], None],
        split: Callable[[Image, Sequence[Box]], None],
        take_out: Callable[[Collection[str]], None],
    ) -> None:
        self._history = history
        self._look = look
        self._choose_model = choose_model
        self._split = split
        self._take_out = take_out

    def apply(self, fix: Fix) -> None:
        """Do what a fix says, as one step."""
        seen = self._look()
        if seen is None:
            return
        if fix.changed:
            self._history.change(fix.changed, fix.label)
        if fix.removed:
            self._history.remove(fix.removed)
        if fix.unmentioned:
            self._take_out(fix.unmentioned)
        for image, boxes in fix.split:
            self._split(image, boxes)
        if fix.model is not None and fix.model.id != seen.model.id:
            self._history.stack.push(_UseModel(self._choose_model, seen.model.id, fix.model.id, fix.label))

    def apply_all(self) -> None:
        """Mend everything that has a fix, as one step."""
        tried: set[str] = set()
        self._history.stack.beginMacro("Fix all")
        for _ in range(_MOST):
            seen = self._look()
            following = None if seen is None else _first(seen, tried)
            if following is None:
                break
            rule, fix = following
            tried.add(rule)
            self.apply(fix)
        self._history.stack.endMacro()


def _first(seen: Seen, tried: set[str]) -> tuple[str, Fix] | None:
    """Return the most serious finding's fix that has not been tried."""
    for finding in seen.appraisal.findings:
        fix = seen.fixes.get(finding)
        if fix is not None and not fix.optional and finding.rule not in tried:
            return finding.rule, fix
    return None


class _UseModel(QUndoCommand):
    def __init__(self, choose: Callable[[str], None], before: str, after: str, words: str) -> None:
        super().__init__(words)
        self._choose, self._before, self._after = choose, before, after

    def redo(self) -> None:
        self._choose(self._after)

    def undo(self) -> None:
        self._choose(self._before)
