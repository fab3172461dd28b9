"""The main states of the window, each brought about the way a person would."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtWidgets import QAbstractButton, QDialog

from tests.core.builders import TODAY
from tests.gallery import library_states, material
from tests.gallery.stage import Stage
from vision_studio.app import sample_paths
from vision_studio.core.cropping import Ratio
from vision_studio.core.draft import Fidelity, FidelityChoice
from vision_studio.core.editing import added, straightened
from vision_studio.core.edits import Colour, Mark, Redact, Shape
from vision_studio.core.events import (
    AnswerSilent,
    TransferProgressed,
    Uploaded,
    UploadFailed,
    UploadProgressed,
)
from vision_studio.core.failures import Failure, FailureKind
from vision_studio.core.findings import Topic
from vision_studio.core.spending import spending
from vision_studio.core.spending_events import SpendingTold
from vision_studio.core.templates import Template
from vision_studio.core.tiling import Box
from vision_studio.practice import Endpoint, Fault, FaultKind
from vision_studio.ui.bench.tools import Tool
from vision_studio.ui.composer.incoming import Incoming
from vision_studio.ui.composer.pages_dialog import PagesDialog
from vision_studio.ui.design.fields import Select
from vision_studio.ui.server_files.dialog import ServerFilesDialog
from vision_studio.ui.settings import SettingsDialog

State = Callable[[Stage], None]


def empty(stage: Stage) -> None:
    """A first start."""


def three(stage: Stage) -> None:
    stage.new_session()
    stage.add(sample_paths()[:3])
    stage.choose(1)
    stage.write("Does the light in Image 1 match that of Image 2? Read the total from the chart.")


def thirty(stage: Stage) -> None:
    stage.new_session()
    stage.add(material.many(_folder(stage, "thirty"), 30))
    composer = stage.window.composer
    composer.cards.set_fidelity(
        [image for image in composer.draft.images if image.name == "g-large.jpg"],
        FidelityChoice(Fidelity.ORIGINAL),
    )
    stage.choose(6)
    stage.write("Sort these by what they show.")


def small_cards(stage: Stage) -> None:
    """The smallest cards, one of them left out, one with a label."""
    stage.new_session()
    stage.add(material.many(_folder(stage, "small"), 30))
    composer = stage.window.composer
    composer.strip.set_zoom(0.7)
    composer.cards.leave_out([composer.draft.images[3].id])
    composer.cards.label(composer.draft.images[1].id, "after repair")
    stage.choose(1)
    stage.settle()


def large_cards(stage: Stage) -> None:
    """The largest cards."""
    three(stage)
    stage.window.composer.strip.set_zoom(1.9)


def crowded(stage: Stage) -> None:
    """So many that the stricter rule applies, behind a conversation that has pictures too."""
    stage.new_session()
    stage.add(sample_paths()[:2])
    stage.ask("What differs?")
    stage.add(material.many(_folder(stage, "crowded"), 24)[7:])
    stage.add(sample_paths())
    stage.choose(3)
    stage.write("And these?")


def twenty_one(stage: Stage) -> None:
    """One image past the crowd, behind an answer: the rule applies, and there is much to be fixed."""
    stage.new_session()
    stage.add(sample_paths()[:2])
    stage.ask("What differs?")
    stage.add(material.many(_folder(stage, "twenty-one"), 19))
    composer = stage.window.composer
    composer.cards.set_fidelity(composer.draft.images[:4], FidelityChoice(Fidelity.ORIGINAL))
    stage.choose(3)
    stage.write("How many of these show the ridge?")


def upload_states(stage: Stage) -> None:
    """Cards at every stage of an upload while they are composed, and a network that is gone."""
    stage.new_session()
    stage.add(sample_paths())
    session_id, bridge = _open_session(stage), stage.bridge
    partly, whole, there, failed = (image.id for image in stage.window.composer.draft.images)
    stage.choose(0)
    offline = Failure(FailureKind.OFFLINE)
    bridge.upload_progressed.emit(UploadProgressed(session_id, partly, 430, 1000, 1_200_000.0, 9.0))
    bridge.upload_progressed.emit(UploadProgressed(session_id, whole, 1000, 1000))
    bridge.uploaded.emit(Uploaded(session_id, there, "file_1", reused=False))
    bridge.upload_failed.emit(UploadFailed(session_id, failed, offline))
    bridge.transfer_progressed.emit(TransferProgressed(None, 4, 1, 430, 1000, waits_for=offline))
    stage.settle()


def end_upload_states(stage: Stage) -> None:
    stage.bridge.transfer_progressed.emit(TransferProgressed(None, 4, 4, 1000, 1000))


def sight(stage: Stage) -> None:
    """A page of small print, at 1:1, with the eyes of another tier."""
    stage.new_session()
    folder = _folder(stage, "sight")
    stage.add([material.page(folder / "lease.png", 3000, 4200, 28), *sample_paths()[:2]])
    stage.choose(0)
    _see(stage)
    with stage.waiting(stage.bridge.sight_ready):
        _press(stage, "sight-observer-1")


def sight_compared(stage: Stage) -> None:
    """A photograph and its original, either side of the divider."""
    stage.new_session()
    stage.add(material.photographs(_folder(stage, "compared"), 2))
    stage.choose(0)
    _see(stage)
    _press(stage, "sight-fit")
    _press(stage, "sight-compare")


def get_code(stage: Stage) -> None:
    """The next request as code, behind an answer."""
    answered(stage)
    stage.add(sample_paths()[2:3])
    stage.write("And what does this chart say?\nAnswer in one sentence.")
    with stage.waiting(stage.bridge.code_ready):
        _trigger(stage, "action-get-code")
    stage.settle()


def export(stage: Stage) -> None:
    """As what, and which turns."""
    answered(stage)
    _trigger(stage, "action-export-session")
    for dialog in stage.window.findChildren(QDialog, "export"):
        dialog.findChild(QAbstractButton, "export-html").setChecked(True)
        dialog.findChild(QAbstractButton, "export-some").setChecked(True)
    stage.settle()


def imported(stage: Stage) -> None:
    """A session that came back in from a bundle."""
    answered(stage)
    session_id, bundle = _open_session(stage), stage.folder / "Ridges.vstudio"
    with stage.waiting(stage.bridge.sessions_exported):
        stage.bridge.portable.export_bundle("gallery", (session_id,), bundle)
    with stage.waiting(stage.bridge.sessions_imported):
        stage.window.portable.import_files([bundle])
    stage.settle()


def six_hundred(stage: Stage) -> None:
    """As many as a request takes."""
    stage.new_session()
    stage.add(material.tiles(_folder(stage, "six-hundred"), 600))
    stage.write("Which of these is the odd one out?")


def turn_by_turn(stage: Stage) -> None:
    """Where the tokens of a conversation come from."""
    answered(stage)
    _trigger(stage, "action-turn-by-turn")


def usage(stage: Stage) -> None:
    """How exact the estimates were."""
    stage.new_session()
    for number, path in enumerate(sample_paths()):
        stage.add([path])
        stage.ask("What is this?" + " Look closely." * number * 4)
    stage.window.figures.show_accuracy()


def spending_over_time(stage: Stage) -> None:
    """What was spent in a month, with a prompt cache."""
    stage.window.figures.show_usage()
    stage.settle()
    told = spending(material.bills(TODAY), stage.window.figures.catalogue.model, *material.month(TODAY))
    stage.bridge.spending_told.emit(SpendingTold(30, told))
    stage.settle()


def spending_by_session(stage: Stage) -> None:
    """The same month, session by session."""
    spending_over_time(stage)
    (select,) = stage.window.findChildren(Select, "spending-by")
    select.setCurrentIndex(2)
    select.activated.emit(2)


def server_files(stage: Stage) -> None:
    """What is on the server: of two sessions, of none, and of another program."""
    for paths in (sample_paths(), sample_paths()[:2]):
        stage.new_session()
        stage.add(paths)
        stage.ask("What is this?")
    _trigger(stage, "action-uploaded-files")
    stage.settle()
    (dialog,) = stage.window.findChildren(ServerFilesDialog)
    foreign = material.foreign_files()
    dialog.table.model_.add(foreign)
    dialog.table.selectRow(1)


def deleting_server_files(stage: Stage) -> None:
    """The question before files are deleted."""
    server_files(stage)
    (dialog,) = stage.window.findChildren(ServerFilesDialog)
    dialog.table.selectAll()
    dialog.ask_deletion()


def templates(stage: Stage) -> None:
    """Templates, and what one of them asks for."""
    three(stage)
    for number, (title, text) in enumerate(material.TEMPLATES):
        stage.bridge.templates.save(Template(str(number), title, text))
    stage.settle()
    _trigger(stage, "action-templates")
    stage.settle()


def filling_in(stage: Stage) -> None:
    """The form of a template."""
    templates(stage)
    stage.window.templates.use(Template("0", *material.TEMPLATES[0]))


def cautions(stage: Stage) -> None:
    stage.window.figures.show_help(Topic.COUNTING)


def models(stage: Stage) -> None:
    stage.window.figures.show_models()


def refused(stage: Stage) -> None:
    stage.new_session()
    stage.add(material.unusable(_folder(stage, "refused")))


def odd_names(stage: Stage) -> None:
    stage.new_session()
    stage.add(material.badly_named(_folder(stage, "odd")))
    stage.choose(3)
    stage.write(
        "ما الفرق بين هذه الصور؟ 画像の違いは何ですか？ 🎉 " + "Averyveryverylongwordwithoutanyspace" * 6
    )


def streaming(stage: Stage) -> None:
    """An answer on its way: the server falls silent in the middle of it."""
    stage.new_session()
    stage.add(sample_paths()[:2])
    stage.server.faults.add(Fault(Endpoint.MESSAGES, FaultKind.STALL, after=60))
    with stage.waiting(stage.bridge.text_arrived):
        stage.window.composer.prompt.insertPlainText("How are these images different?")
        stage.window.composer.send()
    stage.settle()


def end_streaming(stage: Stage) -> None:
    with stage.waiting(stage.bridge.turn_ended):
        stage.window.desk.stop()


def answered(stage: Stage) -> None:
    stage.new_session()
    stage.add(sample_paths())
    stage.ask("How are these images different? Compare light, colours and sharpness, and read the receipt.")
    stage.ask("And what do they have in common?")


def versions(stage: Stage) -> None:
    """A question in its second version, another answer to the next, and the edit of a third one begun."""
    stage.new_session()
    stage.add(sample_paths()[:2])
    stage.ask("How are these images different?")
    first = _shown(stage)[0]
    stage.write("And which of them is sharper?")
    stage.window.versions.edit(first)
    stage.window.composer.history.remove([stage.window.composer.draft.images[1].id])
    stage.ask(" Compare their light.")
    stage.ask(" Answer in one sentence.")
    with stage.waiting(stage.bridge.turn_ended):
        stage.window.transcript.retry_asked.emit(_shown(stage)[1])
    stage.window.versions.edit(_shown(stage)[1])
    stage.settle()


def tour(stage: Stage) -> None:
    """What the README shows: a conversation about two pictures, and three more for the next question."""
    stage.new_session()
    stage.add(sample_paths()[:2])
    stage.ask("How are these images different?")
    stage.add(material.for_the_tour(_folder(stage, "tour"), sample_paths()))
    composer = stage.window.composer
    composer.cards.set_fidelity(
        [image for image in composer.draft.images if image.name == "dusk.jpg"],
        FidelityChoice(Fidelity.ORIGINAL),
    )
    stage.choose(0)
    sent = stage.window.desk.session.turns[0].images[0].image.id
    here = [image.id for image in composer.draft.images]
    for words, image_id in (
        ("Does the dusk shot in ", here[0]),
        (" match the ridge in ", sent),
        ("? Read the total from ", here[2]),
    ):
        composer.prompt.insertPlainText(words)
        composer.mentions.insert([image_id])
    stage.write(".")


def mentions(stage: Stage) -> None:
    """Chips of this turn and an earlier one, one whose image is gone, and the list that "@" opens."""
    stage.new_session()
    stage.add(sample_paths()[:2])
    composer = stage.window.composer
    composer.prompt.insertPlainText("How does ")
    composer.mentions.insert([composer.draft.images[1].id])
    stage.ask(" differ from dusk?")
    stage.add(material.for_the_tour(_folder(stage, "mentions"), sample_paths()))
    images = composer.draft.images
    composer.history.change([replace(images[1], label="after repair")], "Label")
    sent = stage.window.desk.session.turns[0].images[0].image.id
    for words, image_id in (
        ("Does the ridge in ", images[0].id),
        (" match the one in ", sent),
        (" and ", images[2].id),
        ("? Read the total from ", images[1].id),
    ):
        composer.prompt.insertPlainText(words)
        composer.mentions.insert([image_id])
    composer.cards.remove([images[2].id])
    stage.write(", then from @")


def end_mentions(stage: Stage) -> None:
    stage.window.composer.mentions.close()


def bench(stage: Stage) -> None:
    """A photograph on the bench: straightened, marked, and something redacted."""
    stage.new_session()
    stage.add(sample_paths()[:1])
    image = stage.window.composer.draft.images[0]
    assert image.size is not None
    width, height = image.size
    edits = straightened(image.size, (), 20)
    for edit in (
        Redact(Box(width // 10, height * 7 // 10, width * 4 // 10, height * 8 // 10)),
        Mark(Shape.ARROW, width * 3 // 10, height * 3 // 10, width // 2, height // 2, legend="the ridge"),
        Mark(
            Shape.BOX,
            width * 6 // 10,
            height * 2 // 10,
            width * 8 // 10,
            height * 4 // 10,
            Colour.SKY,
            "the sun",
        ),
    ):
        edits = added(image.size, edits, edit)
    composer = stage.window.composer
    composer.history.change([replace(image, edits=edits)], "Edit image")
    with stage.waiting(stage.bridge.original_ready):
        stage.window.benching.open_bench(image)
    stage.window.benching.dialog.editor.choose(len(edits) - 1)
    stage.settle()


def bench_crop(stage: Stage) -> None:
    """The same, being cropped to what Claude is shown as it is."""
    bench(stage)
    editor = stage.window.benching.dialog.editor
    editor.choose_tool(Tool.CROP)
    editor.hold_crop(Ratio(4, 3), unresized=True)
    stage.settle()


def end_bench(stage: Stage) -> None:
    stage.window.benching.dialog.hide()


def reading(stage: Stage) -> None:
    """Hundreds of photographs were dropped, and the first few are read."""
    stage.new_session()
    with stage.waiting(stage.bridge.import_progressed, lambda event: event.done >= 12):
        stage.window.desk.bring(Incoming(paths=tuple(material.photographs(_folder(stage, "many"), 400))), 0)
    stage.window.composer.reading.show()
    stage.settle()


def end_reading(stage: Stage) -> None:
    with stage.waiting(stage.bridge.import_progressed, lambda event: event.done == event.total):
        stage.window.composer.reading.cancelled.emit()


def links(stage: Stage) -> None:
    """A picture that stays on the web, and a link that waits for what becomes of it."""
    stage.new_session()
    stage.add(sample_paths()[:2])
    stage.window.composer.links.add(["https://example.com/photos/cat%20on%20roof.jpg"], 2)
    stage.window.composer.links.offer(["https://example.com/photos/dog.jpg"], 3)
    stage.window.composer.strip.select([stage.window.composer.draft.images[2].id])
    stage.write("Is the cat of Image 3 in one of the others?")


def pages(stage: Stage) -> None:
    """A report was dropped: which of its pages?"""
    stage.new_session()
    report = material.report(_folder(stage, "pages"), 7)
    with stage.waiting(stage.bridge.documents_found):
        stage.window.desk.bring(Incoming(paths=(report,)), 0)
    (dialog,) = stage.window.findChildren(PagesDialog)
    with stage.waiting(stage.bridge.thumbnail_ready, lambda event: event.key.endswith("-6")):
        dialog.resize(dialog.sizeHint())
    dialog.select([0, 1, 4])
    stage.settle()


def failed(stage: Stage) -> None:
    """The servers are overloaded, however often it is tried."""
    stage.new_session()
    stage.add(sample_paths()[2:])
    stage.server.faults.add(Fault(Endpoint.MESSAGES, FaultKind.STATUS, status=529, times=3))
    stage.ask("What was the best month?")


def rejected(stage: Stage) -> None:
    """The key is not accepted, behind an answer that was cut short."""
    stage.new_session()
    stage.add(sample_paths()[:1])
    stage.server.faults.add(Fault(Endpoint.MESSAGES, FaultKind.UNFINISHED, after=12))
    stage.ask("What is this?")
    stage.server.faults.add(Fault(Endpoint.MESSAGES, FaultKind.STATUS, status=401))
    stage.ask("And where?")


def lost(stage: Stage) -> None:
    """The stored files of an earlier turn's pictures were deleted behind the window's back."""
    stage.new_session()
    stage.add(sample_paths()[:3])
    stage.ask("What differs?")
    for blob in (stage.folder / "data" / "blobs").rglob("*"):
        if blob.is_file():
            blob.unlink()
    stage.ask("And what is the same?")


def too_large(stage: Stage) -> None:
    """By as many ways on as there can be."""
    stage.new_session()
    stage.window.transcript.set_inline(True)
    stage.add(sample_paths()[:2])
    stage.ask("What differs?")
    stage.add(sample_paths()[2:])
    stage.server.faults.add(Fault(Endpoint.MESSAGES, FaultKind.STATUS, status=413))
    stage.ask("And these?")


def silent(stage: Stage) -> None:
    """The server falls silent while it thinks; what it thought so far is being read."""
    stage.new_session()
    stage.add(sample_paths()[:2])
    stage.server.faults.add(Fault(Endpoint.MESSAGES, FaultKind.STALL, after=3))
    with stage.waiting(stage.bridge.thought_arrived):
        stage.window.composer.prompt.insertPlainText("How are these images different?")
        stage.window.composer.send()
    stage.settle()
    (button,) = stage.window.transcript.findChildren(QAbstractButton, "toggle-thoughts")
    button.setChecked(True)
    stage.bridge.answer_silent.emit(AnswerSilent(_open_session(stage), "", 30.0))
    stage.settle()


def delayed(stage: Stage) -> None:
    """The servers are overloaded, and the next try is some seconds away."""
    stage.new_session()
    stage.add(sample_paths()[:2])
    stage.server.faults.add(Fault(Endpoint.MESSAGES, FaultKind.STATUS, status=529, retry_after_s=15))
    with stage.waiting(stage.bridge.retry_delayed):
        stage.window.composer.prompt.insertPlainText("How are these images different?")
        stage.window.composer.send()
    stage.settle()


def settings(stage: Stage) -> None:
    stage.window.open_settings()


def upload_settings(stage: Stage) -> None:
    stage.window.open_settings()
    for dialog in stage.window.findChildren(SettingsDialog):
        dialog.show_subject("Uploads")


def uploading(stage: Stage) -> None:
    """Images on their way to a server that falls silent while it takes them."""
    stage.new_session()
    stage.add(sample_paths())
    stage.server.faults.add(Fault(Endpoint.UPLOAD, FaultKind.STALL, after=0, times=3))
    with stage.waiting(stage.bridge.transfer_progressed, lambda event: event.done == 1):
        stage.window.composer.prompt.insertPlainText("How are these images different?")
        stage.window.composer.send()
    stage.settle()


def end_uploading(stage: Stage) -> None:
    with stage.waiting(stage.bridge.turn_ended):
        stage.bridge.cancel_uploads(None)


def shortcuts(stage: Stage) -> None:
    _trigger(stage, "action-keyboard-shortcuts")


def system_prompt(stage: Stage) -> None:
    stage.new_session()
    stage.window.header.open_system(True)
    stage.window.system.setPlainText("Answer in German. Read amounts exactly, and say when you cannot.")
    stage.add(sample_paths()[3:])
    stage.write("What is the total?")


def request_options(stage: Stage) -> None:
    """How the session asks, for a model that has a choice of everything."""
    stage.new_session()
    (toggle,) = stage.window.header.findChildren(QAbstractButton, "request-options-toggle")
    toggle.setChecked(True)
    stage.add(sample_paths()[:2])


def close_request_options(stage: Stage) -> None:
    (toggle,) = stage.window.header.findChildren(QAbstractButton, "request-options-toggle")
    toggle.setChecked(False)


def leaving(stage: Stage) -> None:
    """The window is to be closed while two answers come."""
    for _ in range(2):
        streaming(stage)
    stage.window.close()


def stay(stage: Stage) -> None:
    close_dialogs(stage)
    end_streaming(stage)


def usual_cards(stage: Stage) -> None:
    stage.window.composer.strip.set_zoom(1.0)


def close_dialogs(stage: Stage) -> None:
    for dialog in stage.window.findChildren(QDialog):
        dialog.close()


STATES: dict[str, tuple[State, State | None]] = {
    "empty": (empty, None),
    "three": (three, None),
    "settings": (settings, close_dialogs),
    "upload-settings": (upload_settings, close_dialogs),
    "uploading": (uploading, end_uploading),
    "shortcuts": (shortcuts, close_dialogs),
    "thirty": (thirty, None),
    "small-cards": (small_cards, usual_cards),
    "large-cards": (large_cards, usual_cards),
    "crowded": (crowded, None),
    "twenty-one": (twenty_one, None),
    "six-hundred": (six_hundred, None),
    "upload-states": (upload_states, end_upload_states),
    "sight": (sight, close_dialogs),
    "sight-compared": (sight_compared, close_dialogs),
    "get-code": (get_code, close_dialogs),
    "export": (export, close_dialogs),
    "imported": (imported, None),
    "turn-by-turn": (turn_by_turn, close_dialogs),
    "usage": (usage, close_dialogs),
    "templates": (templates, close_dialogs),
    "template-form": (filling_in, close_dialogs),
    "server-files": (server_files, close_dialogs),
    "server-files-delete": (deleting_server_files, close_dialogs),
    "spending": (spending_over_time, close_dialogs),
    "spending-sessions": (spending_by_session, close_dialogs),
    "cautions": (cautions, close_dialogs),
    "models": (models, close_dialogs),
    "refused": (refused, None),
    "odd-names": (odd_names, None),
    "system-prompt": (system_prompt, None),
    "streaming": (streaming, end_streaming),
    "library": (library_states.library, None),
    "found": (library_states.found, library_states.end_found),
    "finding": (library_states.finding, library_states.end_finding),
    "answered": (answered, None),
    "versions": (versions, None),
    "tour": (tour, None),
    "mentions": (mentions, end_mentions),
    "bench": (bench, end_bench),
    "bench-crop": (bench_crop, end_bench),
    "reading": (reading, end_reading),
    "links": (links, None),
    "pages": (pages, close_dialogs),
    "failed": (failed, None),
    "rejected": (rejected, None),
    "request-options": (request_options, close_request_options),
    "leaving": (leaving, stay),
    "silent": (silent, end_streaming),
    "delayed": (delayed, end_streaming),
    "too-large": (too_large, None),
    "lost": (lost, None),
}
"""What brings each state about, and what ends it."""


def _folder(stage: Stage, name: str) -> Path:
    folder = stage.folder / name
    folder.mkdir()
    return folder


def _open_session(stage: Stage) -> str:
    session = stage.window.desk.session
    assert session is not None
    return session.id


def _shown(stage: Stage) -> list[str]:
    """The ids of the turns on the screen."""
    session = stage.window.desk.session
    assert session is not None
    return [turn.id for turn in session.turns]


def _see(stage: Stage) -> None:
    """Open the viewer, and wait for all it shows."""
    with stage.waiting(stage.bridge.original_ready):
        _trigger(stage, "action-what-claude-sees")
    stage.settle()


def _press(stage: Stage, object_name: str) -> None:
    """Press a button of whatever is open."""
    for dialog in stage.window.findChildren(QDialog):
        if (button := dialog.findChild(QAbstractButton, object_name)) is not None and dialog.isVisible():
            button.click()


def _trigger(stage: Stage, object_name: str) -> None:
    for action in stage.window.actions():
        if action.objectName() == object_name:
            action.trigger()
