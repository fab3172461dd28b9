"""Asks the portal on the session bus for screenshots, one after another, and tells what comes of each."""

from __future__ import annotations

import json
import sys

from PySide6.QtCore import QCoreApplication

from vision_studio.ui.composer.screen_portal import ScreenPortal


def tell(event: str, **facts: object) -> None:
    sys.stdout.write(json.dumps({"event": event, **facts}) + "\n")
    sys.stdout.flush()


def main(times: int) -> int:
    qt = QCoreApplication(sys.argv[:1])
    portal = ScreenPortal()
    left = times

    def came(event: str, **facts: object) -> None:
        nonlocal left
        tell(event, **facts)
        left -= 1
        if left:
            portal.ask()
        else:
            qt.quit()

    def found() -> None:
        tell("found")
        portal.ask()

    portal.found.connect(found)
    portal.taken.connect(lambda path: came("taken", path=str(path)))
    portal.cancelled.connect(lambda: came("cancelled"))
    portal.failed.connect(lambda reason: came("failed", reason=reason))
    portal.look()
    status = qt.exec()
    portal.deleteLater()
    return status


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
