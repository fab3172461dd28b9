"""Bare pixels, from the clipboard or the screen → the file that is kept of them; and pictures for others.

Pillow is imported inside the functions, which are called in worker processes.
"""

from __future__ import annotations

import io
from pathlib import Path

from vision_studio.core.events import RefusalKind
from vision_studio.core.pasted import Bitmap
from vision_studio.imaging.budget import check_pixels
from vision_studio.imaging.inspect import inspect_frame
from vision_studio.imaging.refusal import Refused

_COMPRESSION = 3
"""Of 1 to 9. A screenful of text has a tenth more bytes than at 6, and is ready in a third of the time."""


def png(bitmap: Bitmap) -> bytes:
    """Return the same pixels as a PNG file. Raises ``Refused``."""
    from PIL import Image

    width, height = bitmap.size.width, bitmap.size.height
    check_pixels(width, height)
    if len(bitmap.rgba) != width * height * 4:
        raise Refused(RefusalKind.DAMAGED, "its pixels are not all there")
    image = Image.frombytes("RGBA", (width, height), bitmap.rgba)
    file = io.BytesIO()
    (image.convert("RGB") if bitmap.opaque else image).save(file, "PNG", compress_level=_COMPRESSION)
    return file.getvalue()


def as_png(path: Path) -> bytes:
    """Return a picture of ours as a PNG file, without metadata. Raises ``Refused``."""
    from vision_studio.imaging.decoding import opened

    facts = inspect_frame(path, 0)
    with opened(path, facts.format) as image:
        file = io.BytesIO()
        plain = image.convert("RGBA" if image.has_transparency_data else "RGB")
        plain.info.clear()
        plain.save(file, "PNG", compress_level=_COMPRESSION)
    return file.getvalue()
