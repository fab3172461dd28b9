"""A request as a shell script for curl: every POSIX shell runs it, and obeys nothing that a text says."""

from __future__ import annotations

from vision_studio.core.code_literals import JSON, literal
from vision_studio.core.code_request import ORDER, CodeImage, CodeRequest, Flavour

API_VERSION = "2026-10-21"
"""What anthropic 2.12 asks for."""

_HEADERS = f'-H "Authorization: Bearer $ANTHROPIC_API_KEY" -H "anthropic-version: {API_VERSION}"'
_CURL = "curl --silent --show-error --fail-with-body"
_UPLOAD = f"""
upload() {{
    {_CURL} "$API/v1/files" {_HEADERS} \\
        -F "file=@$1;type=$2" | sed -n 's/.*"id": *"\\(file_[^"]*\\)".*/\\1/p'
}}
"""


def curl_code(request: CodeRequest, flavour: Flavour) -> str:
    """Return a whole script."""
    lines = ["# The key is read from ANTHROPIC_API_KEY."]
    if request.images and flavour is not Flavour.URL:
        lines.append("# Run it in the folder that holds the images.")
    lines.append("API=${ANTHROPIC_BASE_URL:-https://api.anthropic.com}")
    if request.images and flavour is Flavour.URL:
        lines.append("IMAGES=https://example.com/images # where you put the images")
    if request.images and flavour is Flavour.FILES:
        lines.append(_UPLOAD.strip("\n"))
        lines += [f"{_variable(image)}=$(upload {image.name} {image.media_type})" for image in request.images]

    def slot(image: CodeImage) -> str:
        match flavour:
            case Flavour.INLINE:
                data = f"$(base64 < {image.name} | tr -d '\\n')"
                return f'{{"type": "base64", "media_type": "{image.media_type}", "data": "{data}"}}'
            case Flavour.URL:
                return f'{{"type": "url", "url": "$IMAGES/{image.name}"}}'
            case Flavour.FILES:
                return f'{{"type": "file", "file_id": "${_variable(image)}"}}'

    slots: list[str] = []

    def held(image: CodeImage) -> str:
        slots.append(slot(image))
        return f"\x00{len(slots) - 1}\x00"

    body = {name: request.body[name] for name in (*ORDER, "stream") if name in request.body}
    text = _inert(literal(body, JSON, held))
    for number, filled in enumerate(slots):
        text = text.replace(f"\x00{number}\x00", filled)
    return (
        "\n".join(lines)
        + f'\n\n{_CURL} --no-buffer "$API/v1/messages" \\\n    {_HEADERS} \\\n'
        + f'    -H "content-type: application/json" --data-binary @- <<REQUEST\n{text}\nREQUEST\n'
    )


def _inert(text: str) -> str:
    """Escape what a shell obeys inside of a here-document."""
    return text.replace("\\", "\\\\").replace("$", "\\$").replace("`", "\\`")


def _variable(image: CodeImage) -> str:
    return image.name.partition(".")[0].replace("-", "_").upper()
