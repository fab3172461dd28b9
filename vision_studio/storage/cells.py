"""Times, money and sizes as database cells, and back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation

from vision_studio.core.size import Size

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Undecodable(ValueError):
    """A stored value that does not mean what it should; the message says which, and never quotes it."""


def time_cell(moment: datetime) -> int:
    """Return an aware time as microseconds since 1970."""
    return (moment - _EPOCH) // _MICROSECOND


def time_from(cell: int) -> datetime:
    """Return the time in UTC. Raises ``Undecodable``."""
    try:
        return _EPOCH + timedelta(0, 0, cell)
    except OverflowError as error:
        raise Undecodable("a time out of range") from error


def time_or_epoch(cell: int) -> datetime:
    """Return a time for a list that must not fail for one damaged cell."""
    try:
        return _EPOCH + timedelta(0, 0, cell)
    except OverflowError:
        return _EPOCH


def money_cell(usd: Decimal | None) -> str | None:
    return None if usd is None else str(usd)


def money_from(cell: str) -> Decimal:
    """Return US dollars. Raises ``Undecodable``."""
    try:
        usd = Decimal(cell)
    except InvalidOperation as error:
        raise Undecodable("an amount of money that is no number") from error
    if not usd.is_finite():
        raise Undecodable("an amount of money that is no number")
    return usd


def money_or_zero(cell: str) -> Decimal:
    """Return an amount for a sum that must not fail for one damaged cell."""
    try:
        return money_from(cell)
    except Undecodable:
        return Decimal()


def size_or_unknown(width: int | None, height: int | None, url: str | None) -> Size | None:
    """Return a picture's size, which only one at an address may lack. Raises ``Undecodable``."""
    if width is None or height is None:
        if url is None:
            raise Undecodable("a picture without a size")
        return None
    return size_from(width, height)


def frame_from(frame: int) -> int:
    """Return which frame is sent, from 0. Raises ``Undecodable``."""
    if frame < 0:
        raise Undecodable("a frame before the first")
    return frame


def size_from(width: int, height: int) -> Size:
    """Return a picture's size. Raises ``Undecodable``."""
    if width < 1 or height < 1:
        raise Undecodable("a picture without a size")
    return Size(width, height)
