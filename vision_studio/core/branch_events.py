"""What the engine tells about the branches of a session."""

from __future__ import annotations

from dataclasses import dataclass

from vision_studio.core.conversation import Session


@dataclass(frozen=True, slots=True)
class BranchShown:
    """Other turns of the session on the screen are to be shown; what is being composed stays."""

    session: Session
