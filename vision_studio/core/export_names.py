"""What pictures are called when they leave the application as files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from vision_studio.core.draft import Image

LONGEST_BYTES = 240
"""Of a name in UTF-8. File systems take 255; a browser or an archive may add an ending of its own."""

_ENDINGS: dict[str, tuple[str, ...]] = {
    "JPEG": (".jpg", ".jpeg", ".jpe", ".jfif"),
    "PNG": (".png", ".apng"),
    "GIF": (".gif",),
    "WEBP": (".webp",),
    "BMP": (".bmp", ".dib"),
    "TIFF": (".tif", ".tiff"),
    "ICO": (".ico",),
    "PNM": (".pnm", ".ppm", ".pgm", ".pbm", ".pam"),
    "TGA": (".tga",),
    "JPEG2000": (".jp2", ".j2k", ".jpx", ".j2c"),
    "AVIF": (".avif",),
    "HEIC": (".heic", ".heif"),
    "MPO": (".mpo", ".jpg", ".jpeg"),
    "SVG": (".svg",),
}
_FORBIDDEN = frozenset('<>:"/\\|?*\N{REPLACEMENT CHARACTER}')
_DEVICES = frozenset(
    {"con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(1, 10))}
)
"""Names that Windows keeps for itself, whatever their ending."""


def is_part(image: Image) -> bool:
    """Tell whether a picture is one page or frame of its file, or was edited: by itself it is no file yet."""
    return (
        bool(image.edits)
        or image.frame > 0
        or image.format == "PDF"
        or (image.format == "TIFF" and image.frames > 1)
    )


def export_name(image: Image) -> str:
    """Return a name that every file system takes, with the ending of what is in the file.

    A page, another frame than the first, and what was edited is exported by itself, as PNG.
    """
    stem, dot, ending = image.name.rpartition(".")
    if not dot or not stem or len(ending) > 5:
        stem, ending = image.name, ""
    if image.edits:
        ending = "" if ending.lower() in _KNOWN else f".{ending}" if ending else ""
        return safe_name(f"{stem}{ending} edited", ".png")
    if is_part(image):
        number = f"page {image.frame + 1}" if image.format in ("PDF", "TIFF") else f"frame {image.frame + 1}"
        named = stem if number in stem else f"{stem} {number}"
        return safe_name(named, ".png")
    usual = _ENDINGS.get(image.format, (f".{image.format.lower()}" if image.format.isalnum() else "",))
    fits = f".{ending.lower()}" in usual
    return safe_name(
        stem if fits or ending.lower() in _KNOWN else image.name, f".{ending}" if fits else usual[0]
    )


def export_names(images: Iterable[Image], taken: Sequence[str] = ()) -> list[str]:
    """Return a name for each, none of them twice, nor one of ``taken``, in whatever case."""
    used = {name.casefold() for name in taken}
    names = []
    for image in images:
        name = unused(export_name(image), used)
        used.add(name.casefold())
        names.append(name)
    return names


def unused(name: str, used: Iterable[str]) -> str:
    """Return the name, or "name (2)" and so on, that is not among the case-folded ``used``."""
    used = set(used)
    stem, dot, ending = name.rpartition(".")
    number, tried = 1, name
    while tried.casefold() in used:
        number += 1
        tried = f"{stem} ({number}){dot}{ending}" if dot else f"{name} ({number})"
    return tried


_KNOWN = frozenset(ending.removeprefix(".") for endings in _ENDINGS.values() for ending in endings)


def safe_name(stem: str, ending: str, otherwise: str = "image") -> str:
    """Return both as one name: without what some file system forbids, and short enough for all."""
    kept = "".join("_" if character in _FORBIDDEN or ord(character) < 32 else character for character in stem)
    kept = kept.strip(" .")
    if kept.partition(".")[0].casefold() in _DEVICES:
        kept = f"_{kept}"
    room = LONGEST_BYTES - len(ending.encode("utf-8", "replace"))
    kept = kept.encode("utf-8", "replace")[:room].decode("utf-8", "ignore").strip(" .")
    return (kept or otherwise) + ending
