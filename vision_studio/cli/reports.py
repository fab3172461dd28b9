"""How a question's progress is told: as JSON lines to programs, as text to people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Protocol

from vision_studio.cli.console import Console
from vision_studio.core import mending_words, words
from vision_studio.core.conversation import Answer
from vision_studio.core.events import Refusal, Uploaded
from vision_studio.core.failures import Failure, FailureKind


class Report(Protocol):
    """Where a question's progress goes."""

    def reading(self, files: int) -> None: ...
    def uploaded(self, name: str, event: Uploaded) -> None: ...
    def text(self, text: str) -> None: ...
    def noticed(self, failure: Failure) -> None: ...
    def delayed(self, failure: Failure, wait_s: float) -> None: ...
    def silent(self, silent_s: float) -> None: ...
    def refused(self, refusal: Refusal) -> None: ...
    def failed(self, failure: Failure, session_id: str | None, names: Mapping[int, str]) -> None:
        """``names``: of the pictures, by number."""

    def ended(self, answer: Answer, session_id: str | None) -> None: ...


def failure_sentences(failure: Failure) -> str:
    """Return what happened and what to do, for somebody at a command line."""
    said = words.failure_words(failure)
    if failure.kind is FailureKind.NO_KEY:
        return f"{said.title} Put one in ANTHROPIC_API_KEY or in the window's Settings, or use --practice."
    if failure.kind is FailureKind.DAMAGED:  # the window has a button for it
        return f"{said.title} {said.next_step} Run vision-studio doctor: it tells how."
    return f"{said.title} {said.next_step}"


class JsonReport:
    """One JSON object a line."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def reading(self, files: int) -> None:
        pass

    def uploaded(self, name: str, event: Uploaded) -> None:
        self._tell("uploaded", name=name, file_id=event.file_id, reused=event.reused)

    def text(self, text: str) -> None:
        self._tell("text", text=text)

    def noticed(self, failure: Failure) -> None:
        pass

    def delayed(self, failure: Failure, wait_s: float) -> None:
        self._tell("delayed", kind=failure.kind.value, wait_s=round(wait_s, 1))

    def silent(self, silent_s: float) -> None:
        self._tell("silent", silent_s=round(silent_s))

    def refused(self, refusal: Refusal) -> None:
        message = words.refusal_sentence(refusal)
        self._tell("failed", kind=refusal.kind.value, message=message, image=refusal.name)

    def failed(self, failure: Failure, session_id: str | None, names: Mapping[int, str]) -> None:
        for image in [names.get(number) for number in failure.images] or [None]:
            self._tell(
                "failed",
                kind=failure.kind.value,
                message=failure_sentences(failure),
                image=image,
                session=session_id,
                request_id=failure.request_id,
            )

    def ended(self, answer: Answer, session_id: str | None) -> None:
        self._tell(
            "ended",
            outcome=answer.outcome.value,
            stop_reason=answer.stop_reason,
            usage=None if answer.usage is None else asdict(answer.usage),
            cost_usd=answer.cost_usd,
            session=session_id,
            request_id=answer.request_id,
        )

    def _tell(self, event: str, **fields: object) -> None:
        self._console.record({"event": event, **fields})


class TextReport:
    """The answer on standard output as it streams, everything else on standard error."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._line_open = False

    def reading(self, files: int) -> None:
        if files:
            self._console.remark(f"Reading {words.counted(files, 'file')}…")

    def uploaded(self, name: str, event: Uploaded) -> None:
        how = (
            "inside the request"
            if event.file_id is None
            else "uploaded before"
            if event.reused
            else "uploaded"
        )
        self._console.remark(f"{name}: {how}")

    def text(self, text: str) -> None:
        self._console.text(text)
        self._line_open = not text.endswith("\n")

    def noticed(self, failure: Failure) -> None:
        self._remark(words.failure_words(failure).title)

    def delayed(self, failure: Failure, wait_s: float) -> None:
        self._remark(mending_words.delay_words(failure, wait_s))

    def silent(self, silent_s: float) -> None:
        self._remark(mending_words.silence_words(silent_s, began=self._line_open).title)

    def refused(self, refusal: Refusal) -> None:
        self._remark(words.refusal_sentence(refusal))

    def failed(self, failure: Failure, session_id: str | None, names: Mapping[int, str]) -> None:
        images = [names[number] for number in failure.images if number in names]
        self._remark(
            " ".join([failure_sentences(failure), *([f"({words.listed(images)})"] if images else [])])
        )
        if failure.message:
            self._remark(f"The server said: {failure.message}")

    def ended(self, answer: Answer, session_id: str | None) -> None:
        said = words.ending_words(answer)
        if said is not None:
            self._remark(said.title)
        parts = [*_bill(answer), *([f"session {session_id}"] if session_id else [])]
        self._remark(f"— {' · '.join(parts)}")

    def _remark(self, text: str) -> None:
        if self._line_open:
            self._console.text("\n")
            self._line_open = False
        self._console.remark(text)


def _bill(answer: Answer) -> list[str]:
    parts = []
    if answer.usage is not None:
        parts.append(f"✓ {words.count(answer.usage.prompt_tokens)} in")
        parts.append(f"{words.count(answer.usage.output_tokens)} out")
    if answer.practice:
        parts.append("practice server, not billed")
    elif answer.cost_usd is not None:
        parts.append(words.usd(answer.cost_usd))
    if answer.duration_s is not None:
        parts.append(words.duration(answer.duration_s))
    return parts
