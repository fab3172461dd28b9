"""Stored files with pages: which they are, and how large each page is."""

from __future__ import annotations

import asyncio

from vision_studio.core.documents import Document
from vision_studio.core.limits import PAGED_FORMATS
from vision_studio.engine.pictures import JOB_TIMEOUT_S
from vision_studio.engine.workers import Workers
from vision_studio.imaging.inspect import Facts
from vision_studio.imaging.pages import read_pages
from vision_studio.storage.blobs import Blobs


def has_pages(facts: Facts) -> bool:
    """Tell whether a file is a document, whose pages are pictures of their own."""
    return facts.format == "PDF" or (facts.format in PAGED_FORMATS and facts.frames > 1)


async def open_document(workers: Workers, blobs: Blobs, digest: str, name: str) -> Document:
    """Measure the pages of a stored document. Raises ``Refused``."""
    path = blobs.path(digest)
    pages = await workers.run(read_pages, path, timeout_s=JOB_TIMEOUT_S)
    size_bytes = (await asyncio.to_thread(path.stat)).st_size
    return Document(digest, name, pages.format, size_bytes, pages.sizes)
