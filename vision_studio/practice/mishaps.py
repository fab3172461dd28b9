"""The named faults of the developers' menu: what each has the practice server do, once."""

from __future__ import annotations

from vision_studio.practice.faults import Endpoint, Fault, FaultKind

MISHAPS: dict[str, Fault] = {
    "Rate limited, retry after 2 s (429)": Fault(
        Endpoint.MESSAGES, FaultKind.STATUS, status=429, retry_after_s=2.0
    ),
    "Rate limited, no hint (429)": Fault(Endpoint.MESSAGES, FaultKind.STATUS, status=429),
    "Overloaded (529)": Fault(Endpoint.MESSAGES, FaultKind.STATUS, status=529),
    "Overloaded for long (529 × 20)": Fault(Endpoint.MESSAGES, FaultKind.STATUS, times=20, status=529),
    "Key rejected (401)": Fault(Endpoint.MESSAGES, FaultKind.STATUS, status=401),
    "Stream dropped": Fault(Endpoint.MESSAGES, FaultKind.DROP, after=12),
    "Error within the stream": Fault(Endpoint.MESSAGES, FaultKind.ERROR_EVENT, after=12),
    "Stream ends without its end": Fault(Endpoint.MESSAGES, FaultKind.UNFINISHED, after=12),
    "Slow answer": Fault(Endpoint.MESSAGES, FaultKind.SLOW, delay_s=1.0),
    "Silence within the stream": Fault(Endpoint.MESSAGES, FaultKind.STALL, after=12),
    "Slow upload": Fault(Endpoint.UPLOAD, FaultKind.SLOW, times=4, delay_s=0.5),
    "Upload refused (500 × 20)": Fault(Endpoint.UPLOAD, FaultKind.STATUS, times=20, status=500),
    "A file expires": Fault(Endpoint.MESSAGES, FaultKind.EXPIRE_FILE),
}


def mishap(name: str) -> Fault:
    """Return a fault by its name in the menu. Raises ``ValueError`` for a name that is not there."""
    if name not in MISHAPS:
        raise ValueError(f"There is no mishap called {name!r}")
    return MISHAPS[name]
