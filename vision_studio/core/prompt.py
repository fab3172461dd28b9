"""Turns → the ordered "Image 1:" blocks of a request, as plain values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from vision_studio.core.conversation import Outcome, SentImage, Turn


@dataclass(frozen=True, slots=True)
class Text:
    text: str


@dataclass(frozen=True, slots=True)
class Picture:
    sent: SentImage


@dataclass(frozen=True, slots=True)
class Verbatim:
    """An assistant's content blocks, exactly as they came: a JSON array."""

    content_json: str


Block = Text | Picture | Verbatim


@dataclass(frozen=True, slots=True)
class Message:
    role: Literal["user", "assistant"]
    blocks: tuple[Block, ...]


def messages(turns: Sequence[Turn], *, resumed: bool = False) -> tuple[Message, ...]:
    """Return the conversation as the API wants it: roles alternate, the last turn is the question.

    ``resumed``: the last answer paused, and goes back as it is for the model to go on with it.
    A turn whose answer never came, or came without words, is not lost: its pictures and its question
    open the next user message.
    """
    said: list[Message] = []
    asked: list[Block] = []
    for turn in turns:
        asked += _question(turn)
        goes_on = resumed and turn is turns[-1] and turn.answer.content_json != ""
        reply = Verbatim(turn.answer.content_json) if goes_on else _reply(turn)
        if reply is not None and (resumed or turn is not turns[-1]):
            said += [Message("user", tuple(asked)), Message("assistant", (reply,))]
            asked = []
    return (*said, Message("user", tuple(asked))) if asked or not resumed else tuple(said)


def _question(turn: Turn) -> list[Block]:
    blocks: list[Block] = []
    for sent in turn.images:
        if sent.left_out:
            blocks.append(Text(f"{sent.caption} (left out)"))
        else:
            blocks += [Text(sent.caption), Picture(sent)]
    if turn.prompt.strip():
        blocks.append(Text(turn.prompt))
    return blocks


def _reply(turn: Turn) -> Block | None:
    answer = turn.answer
    if not answer.text.strip():
        return None
    if answer.outcome is Outcome.ANSWERED and answer.content_json:
        return Verbatim(answer.content_json)
    # The API refuses an assistant's text that ends in white space.
    return Text(answer.text.rstrip())
