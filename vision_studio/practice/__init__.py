"""The practice server: the Claude API spoken on loopback, its limits kept, its answers measured."""

from vision_studio.practice.faults import NAMED_FAULTS, Endpoint, Fault, FaultKind, Faults
from vision_studio.practice.server import HUMAN_PACE_TOKENS_PER_S, PracticeServer

__all__ = [
    "HUMAN_PACE_TOKENS_PER_S",
    "NAMED_FAULTS",
    "Endpoint",
    "Fault",
    "FaultKind",
    "Faults",
    "PracticeServer",
]
