"""The desktop's screenshot portal, over a real session bus; the desktop behind it is the test's."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.desktop.hands import Program, program

pytestmark = pytest.mark.display
PORTAL = Path(__file__).with_name("fake_portal.py")
CLIENT = "tests.desktop.portal_client"


def test_every_way_a_desktop_may_answer(session_bus):
    environ = {**session_bus, "QT_QPA_PLATFORM": "offscreen"}
    answers = [
        "0 file:///home/me/Pictures/Screen%20%C3%A9.png",
        "1",
        "2",
        "0",
        "0 https://example.com/a.png",
        "refuse",
        "old:0 file:///tmp/old.png",
    ]
    command = ["/usr/bin/python3", str(PORTAL), *answers]
    with subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, text=True) as process:
        try:
            desktop = Program(process)
            desktop.expect("ready")
            with program(CLIENT, environ, str(len(answers))) as client:
                client.expect("found")
                assert desktop.expect("asked") == {
                    "event": "asked",
                    "window": "",
                    "options": ["handle_token", "interactive", "modal"],
                }
                assert client.expect("taken")["path"] == "/home/me/Pictures/Screen é.png"
                client.expect("cancelled")
                for _ in range(3):
                    assert client.expect("failed")["reason"] == "The desktop took no screenshot."
                assert client.expect("failed")["reason"] == "not today"
                assert client.expect("taken")["path"] == "/tmp/old.png"
                assert client.process.wait(30) == 0
        finally:
            process.terminate()
