"""The table of uploads in docs/faults.md, and of what else can go wrong with files."""

from __future__ import annotations

from tests.faults import table
from tests.faults.files_catalogue import FileFault
from tests.faults.files_meeting import Met

HEADING = "## Uploading"
INTRODUCTION = """\
An image is uploaded once, and used from then on. The question waits for its images and is saved before the
first byte leaves; nothing is billed for an upload, so what may pass is tried again by itself. When an
answer to an upload is lost, the server is asked for the file before anything is sent again, so none is
there twice. While the server cannot be reached, uploads wait for it, up to ten minutes, and go on by
themselves.
"""


def row(fault: FileFault, met: Met) -> str:
    """Return what a question with an image came to, as a line of the table."""
    line = table.row(fault.name, met.turn.answer, max(1, met.uploads))
    if fault.inline:
        (noticed,) = met.noticed
        return table.row_of_failure(fault.name, noticed)
    return line
