"""A conversation leaves as a file, comes into another library, and asks the same there."""

from __future__ import annotations

import pytest

from tests.support.visit import files
from vision_studio.core.conversation import Outcome
from vision_studio.core.upload_settings import UploadSettings


@pytest.mark.slow
def test_a_bundle_is_dropped_on_another_window_and_the_same_is_asked_there(visit, photos, tmp_path):
    here = visit()
    bridge = here.application.bridge
    bridge.set_uploads(UploadSettings(inline=True))
    here.drop(*photos[:2])
    assert here.ask_and_wait("What differs?").answer.outcome is Outcome.ANSWERED
    here.drop(photos[2])
    here.window.composer.prompt.insertPlainText("And this?")
    here.window.desk.save()
    session, bundle = here.window.desk.session, tmp_path / "talk.vstudio"
    with here.waiting(bridge.sessions_exported):
        bridge.portable.export_session("out", session.id, None, bundle)
    here.ask_and_wait("")
    sent = here.messages_sent()[-1]
    here.leave()

    there = visit(folder=tmp_path / "there")
    bridge = there.application.bridge
    bridge.set_uploads(UploadSettings(inline=True))
    with there.waiting(bridge.session_opened, lambda event: bool(event.session.turns)):
        there.let_fall(files(bundle), on=there.window)
    assert there.window.desk.session.title == session.title
    assert there.window.composer.draft.text == "And this?"
    assert [turn.prompt for turn in there.window.desk.session.turns] == ["What differs?"]
    there.ask_and_wait("")
    assert there.messages_sent()[-1] == sent
