"""An image and a bare link dragged out of a page in a real browser. Nothing is fetched for them but by it."""

from __future__ import annotations

import hashlib
import io
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from PIL import Image

from tests.desktop.eyes import find
from tests.desktop.hands import Hands, program
from tests.support.processes import running

pytestmark = pytest.mark.display
WINDOW = "tests.desktop.window_under_test"
TEAL, PLUM = (0, 141, 141), (141, 0, 141)
LINK = "http://127.0.0.1:9/pictures/cat.png"
"""Nobody listens there: a fetch would fail, and would be seen."""

SILENT = (
    "--no-sandbox",  # tests may run as root
    "--disable-gpu",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-extensions",
    "--disable-sync",
    "--metrics-recording-only",
    "--no-pings",
    "--password-store=basic",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)


def png() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (200, 120), TEAL).save(file, "PNG")
    return file.getvalue()


PAGE = f"""<!doctype html><title>pictures</title><body style="margin:0">
<img src="pictures/cat%20%C3%A9.png" style="position:absolute; left:20px; top:20px">
<a href="{LINK}" style="position:absolute; left:20px; top:170px; width:200px; height:60px;
  background:rgb{PLUM}; color:rgb{PLUM}">cat</a>"""


class Site(BaseHTTPRequestHandler):
    """One page and one picture."""

    def do_GET(self) -> None:
        body, kind = (png(), "image/png") if self.path.endswith(".png") else (PAGE.encode(), "text/html")
        self.server.asked.append(self.path)
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *words: object) -> None:
        pass


@pytest.fixture
def site() -> Iterator[ThreadingHTTPServer]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    server.asked = []
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@contextmanager
def browser(environ: Mapping[str, str], home: Path, address: str) -> Iterator[None]:
    command = [
        "chromium",
        *SILENT,
        "--ozone-platform=x11",
        f"--user-data-dir={home / 'profile'}",
        "--window-size=300,300",
        f"--app={address}",
    ]
    with running(command, {**environ, "HOME": str(home)}):
        Hands(environ).place("chromium", 1080, 330)
        yield


def test_an_image_and_a_link_of_a_page(x_server, site, tmp_path):
    hands, data = Hands(x_server), tmp_path / "data"
    with program(WINDOW, x_server, str(data)) as window:
        window.expect("opened")
        spot = window.expect("places")
        with browser(x_server, tmp_path, f"http://127.0.0.1:{site.server_port}/"):
            picture = find(x_server, TEAL)
            asked = [path for path in site.asked if path.endswith(".png")]
            hands.drag(picture, spot["composer"])
            assert window.expect("draft")["names"] == ["cat é.png"]
            window.expect("imported")
            digest = hashlib.sha256(png()).hexdigest()
            assert (data / "blobs" / digest[:2] / digest).read_bytes() == png()
            # The bytes are the page's own, and came from the browser: the site was not asked again.
            assert [path for path in site.asked if path.endswith(".png")] == asked

            hands.drag(find(x_server, PLUM), spot["composer"])
            notice = window.expect("notice")["words"]
            assert notice == "Note: A link came without its image. Nothing is fetched unasked."
