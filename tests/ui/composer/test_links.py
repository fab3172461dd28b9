"""A link that comes without its image is offered, never fetched unasked; and what is chosen happens."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtWidgets import QPushButton

from vision_studio.core.draft import Draft, Image
from vision_studio.core.events import DownloadProgressed
from vision_studio.core.size import Size
from vision_studio.ui.composer import incoming
from vision_studio.ui.composer.composer import Composer
from vision_studio.ui.composer.link_dialog import LinkDialog
from vision_studio.ui.design.findings import Notice

CAT = "https://example.com/cat.png"


def link(*addresses: str) -> QMimeData:
    mime = QMimeData()
    mime.setUrls([QUrl(address) for address in addresses])
    return mime


def offer(composer: Composer, *addresses: str) -> Notice:
    composer._bring(incoming.read(link(*addresses)), 0)
    return composer.findChild(Notice, "composer-notice")


def button(notice, object_name: str) -> QPushButton | None:
    return notice.findChild(QPushButton, object_name)


def seen(image: Image) -> Image:
    return replace(image, digest="d" * 64, size=Size(640, 480), format="PNG", size_bytes=900)


@pytest.fixture
def asked(composer: Composer) -> list[tuple[object, ...]]:
    asked: list[tuple[object, ...]] = []
    composer.links.download_asked.connect(lambda address, row: asked.append(("download", address, row)))
    composer.links.look_asked.connect(lambda image: asked.append(("look", image.url)))
    return asked


def test_a_link_is_offered_and_nothing_is_fetched(composer, asked):
    notice = offer(composer, CAT)
    assert "Nothing is fetched unasked" in notice.accessibleName()
    assert asked == []
    assert composer.draft == Draft()


def test_it_may_stay_at_its_address(composer, asked):
    button(offer(composer, CAT), "use-links").click()
    (image,) = composer.draft.images
    assert (image.url, image.name, image.size, image.digest) == (CAT, "cat.png", None, None)
    assert composer.images.data(composer.images.index(0), 11) == "Image 1, cat.png"  # AccessibleTextRole
    assert asked == []
    composer.history.stack.undo()
    assert composer.draft == Draft()


def test_or_be_downloaded_in_order(composer, asked):
    button(offer(composer, CAT, "https://example.com/dog.png"), "download-links").click()
    assert asked == [("download", CAT, 0), ("download", "https://example.com/dog.png", 1)]
    assert composer.findChild(Notice, "composer-notice").isHidden()


@pytest.mark.parametrize("address", ["http://example.com/cat.png", "https://192.168.0.7/cat.png"])
def test_what_the_api_could_not_reach_can_only_be_downloaded(composer, address):
    notice = offer(composer, address)
    assert button(notice, "use-links") is None
    assert button(notice, "download-links") is not None


def test_an_address_with_a_password_is_refused(composer):
    notice = offer(composer, "https://user:secret@example.com/cat.png")
    assert "leads to no image" in notice.accessibleName()
    assert button(notice, "download-links") is None


def test_a_look_tells_its_size_and_leaves_it_where_it_is(composer, asked):
    composer.links.add([CAT], 0)
    composer.links.look_at(composer.draft.images)
    assert asked == [("look", CAT)]
    composer.learn([seen(composer.draft.images[0])])
    (image,) = composer.draft.images
    assert (image.size, image.url) == (Size(640, 480), CAT)
    composer.links.look_at(composer.draft.images)
    assert len(asked) == 1  # once is enough


def test_keeping_it_fetches_it_first_and_can_be_undone(composer, asked):
    composer.links.add([CAT], 0)
    composer.links.keep(composer.draft.images)
    assert asked == [("look", CAT)]
    assert composer.draft.images[0].url == CAT
    composer.learn([seen(composer.draft.images[0])])
    assert composer.draft.images[0].url is None
    assert composer.draft.images[0].digest == "d" * 64
    composer.history.stack.undo()
    assert composer.draft.images[0].url == CAT


def test_keeping_one_that_was_looked_at_asks_nothing(composer, asked):
    composer.links.add([CAT], 0)
    composer.learn([seen(composer.draft.images[0])])
    composer.links.keep(composer.draft.images)
    assert asked == []
    assert composer.draft.images[0].url is None


def test_the_dialog_takes_addresses_and_says_what_is_wrong(composer, qtbot, asked):
    composer.ask_link()
    dialog = composer.findChild(LinkDialog)
    qtbot.addWidget(dialog)
    use, download = (dialog.findChild(QPushButton, name) for name in ("use-link", "download-link"))
    assert not download.isEnabled()
    for typed, can_use, can_download in [
        ("https:/", False, False),
        ("cat.png", False, False),
        ("http://example.com/cat.png", False, True),
        (f"  {CAT} ", True, True),
    ]:
        dialog._address.setText(typed)
        assert (use.isEnabled(), download.isEnabled()) == (can_use, can_download), typed
    use.click()
    assert composer.draft.images[0].url == CAT
    assert asked == []


def test_downloads_show_how_far_they_are_and_can_be_cancelled(composer, qtbot):
    composer.show()
    lines = composer.downloads
    lines.show_progress(DownloadProgressed("session", CAT, 0, None))
    assert lines.isHidden()  # what is here at once need not be told of
    qtbot.waitUntil(lines.isVisible)
    lines.show_progress(DownloadProgressed("session", CAT, 1_200_000, 3_400_000))
    said = [label.text() for label in lines.findChildren(type(lines.children()[-1]._words))]
    assert said == ["Downloading cat.png from example.com · 1.2 MB of 3.4 MB"]
    with qtbot.waitSignal(lines.cancelled) as cancelled:
        lines.findChild(QPushButton, "cancel-download").click()
    assert cancelled.args == [CAT]
    lines.end(CAT)
    assert lines.isHidden()
