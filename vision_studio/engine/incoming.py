"""One answer as it comes in: told about once a frame, on disk within a second."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from vision_studio.core.conversation import Answer, Outcome, Turn, Usage
from vision_studio.core.events import AnswerSilent, Event, TextArrived, ThoughtArrived
from vision_studio.core.failures import Failure
from vision_studio.engine.options import Rhythm
from vision_studio.engine.watchdog import Watchdog

Save = Callable[[str, Answer], None]


class Incoming:
    """Gathers an answer's text and its facts. For the thread of the loop it was made on.

    ``save`` is called with the turn's id and the answer so far; what it raises goes to ``on_error``.
    """

    def __init__(
        self,
        session_id: str,
        turn: Turn,
        *,
        report: Callable[[Event], None],
        save: Save,
        on_error: Callable[[BaseException], None],
        rhythm: Rhythm,
        resumed: bool = False,
    ) -> None:
        self.session_id = session_id
        self.turn = turn
        self.practice = False
        self.accepted = False
        """The server began to answer: from now on a second try might be billed a second time."""
        self.usage: Usage | None = None
        self.request_id: str | None = None
        self.asked_at: float | None = None
        """On the loop's clock."""
        self._loop = asyncio.get_running_loop()
        self._report = report
        self._save = save
        self._on_error = on_error
        self._rhythm = rhythm
        self.resumed = resumed
        """The answer paused, and goes on behind what is there."""
        self._pieces: list[str] = [turn.answer.text] if resumed else []
        self._untold: list[str] = []
        self._thoughts: list[str] = [turn.answer.thinking] if resumed else []
        self._untold_thoughts: list[str] = []
        self._watchdog = Watchdog(rhythm.silence_s, self._tell_silence)
        self._telling: asyncio.TimerHandle | None = None
        self._saving: asyncio.TimerHandle | None = None

    @property
    def text(self) -> str:
        return _joined(self._pieces)

    @property
    def thinking(self) -> str:
        return _joined(self._thoughts)

    def hear(self) -> None:
        """Note that the server gave a sign of life, or has just been asked for one."""
        self._watchdog.hear()

    def pause(self) -> None:
        """Expect nothing until the next ``hear``."""
        self._watchdog.stop()

    def add(self, text: str) -> None:
        if text:
            self._pieces.append(text)
            self._untold.append(text)
            self._follow()

    def add_thought(self, text: str) -> None:
        if text:
            self._thoughts.append(text)
            self._untold_thoughts.append(text)
            self._follow()

    def _follow(self) -> None:
        if self._telling is None:
            self._telling = self._loop.call_later(self._rhythm.tell_s, self.tell)
        if self._saving is None:
            self._saving = self._loop.call_later(self._rhythm.save_s, self.keep)

    def tell(self) -> None:
        """Report the text that arrived since the last time."""
        if self._telling is not None:
            self._telling.cancel()
            self._telling = None
        if self._untold_thoughts:
            text = "".join(self._untold_thoughts)
            self._untold_thoughts.clear()
            self._report(ThoughtArrived(self.session_id, self.turn.id, text))
        if self._untold:
            text = "".join(self._untold)
            self._untold.clear()
            self._report(TextArrived(self.session_id, self.turn.id, text))

    def keep(self) -> None:
        """Save what arrived so far."""
        if self._saving is not None:
            self._saving.cancel()
            self._saving = None
        try:
            self._save(self.turn.id, self.answer(Outcome.STREAMING if self._pieces else Outcome.WAITING))
        except Exception as error:  # noqa: BLE001  # a full disk must not end the answer
            self._on_error(error)

    def finish(self) -> None:
        """Tell the rest; nothing is saved from here on."""
        self._watchdog.stop()
        self.tell()
        if self._saving is not None:
            self._saving.cancel()
            self._saving = None

    def whole_content(self, content_json: str) -> str:
        """Return the answer's blocks, behind those it had when it paused."""
        before = self.turn.answer.content_json
        if not (self.resumed and before and content_json):
            return content_json
        blocks = [*json.loads(before), *json.loads(content_json)]
        return json.dumps(blocks, ensure_ascii=False, separators=(",", ":"))

    def answer(
        self,
        outcome: Outcome,
        *,
        failure: Failure | None = None,
        cost_usd: Decimal | None = None,
    ) -> Answer:
        """Return the answer as far as it is known; ``cost_usd`` comes on top of what earlier tries cost."""
        costs = [cost for cost in (self.turn.answer.cost_usd, cost_usd) if cost is not None]
        duration_s = None if self.asked_at is None else self._loop.time() - self.asked_at
        return replace(
            self.turn.answer,
            outcome=outcome,
            text=self.text,
            thinking=self.thinking,
            usage=self.usage,
            cost_usd=sum(costs, Decimal()) if costs else None,
            request_id=self.request_id,
            duration_s=duration_s if outcome.is_over else None,
            failure=failure,
            practice=self.practice,
        )

    def _tell_silence(self, silent_s: float) -> None:
        self._report(AnswerSilent(self.session_id, self.turn.id, silent_s))


def _joined(pieces: list[str]) -> str:
    """Return the pieces as one, and keep them so: the next call has little left to join."""
    if len(pieces) > 1:
        pieces[:] = ["".join(pieces)]
    return pieces[0] if pieces else ""
