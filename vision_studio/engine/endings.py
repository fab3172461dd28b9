"""How answers ended, kept and billed once each: at once, or when the disk has room again."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal

from vision_studio.core.conversation import Answer, Session
from vision_studio.storage.errors import StorageFailed, TurnMissing
from vision_studio.storage.sessions import Sessions
from vision_studio.storage.usage import UsageLedger


@dataclass(frozen=True, slots=True)
class _Ending:
    session_id: str
    turn_id: str
    answer: Answer
    cost_usd: Decimal | None


class Endings:
    """For the engine's thread."""

    def __init__(self, sessions: Sessions, usage: UsageLedger) -> None:
        self._sessions = sessions
        self._usage = usage
        self._unkept: deque[_Ending] = deque()

    def add(self, session_id: str, turn_id: str, answer: Answer, cost_usd: Decimal | None) -> None:
        """Take an ending to be kept; ``cost_usd`` is what this try cost."""
        self._unkept.append(_Ending(session_id, turn_id, answer, cost_usd))

    def completed(self, session: Session) -> Session:
        """Return a session as it was read from the disk with the endings that are not there yet."""
        known = {ending.turn_id: ending.answer for ending in self._unkept}
        turns = (replace(turn, answer=known.get(turn.id, turn.answer)) for turn in session.turns)
        return replace(session, turns=tuple(turns)) if known else session

    def keep(self) -> None:
        """Save what is not saved yet, in order. Raises ``StorageFailed``; the rest goes on waiting."""
        while self._unkept:
            ending = self._unkept.popleft()
            try:
                self._sessions.save_answer(ending.turn_id, ending.answer)
                self._record(ending)
            except StorageFailed as error:
                if not isinstance(error, TurnMissing):
                    self._unkept.appendleft(ending)
                raise

    def _record(self, ending: _Ending) -> None:
        answer = ending.answer
        if answer.usage is not None:
            self._usage.record(
                ending.session_id,
                ending.turn_id,
                answer.model_id,
                answer.usage,
                ending.cost_usd,
                datetime.now(UTC),
                practice=answer.practice,
            )
