"""A request as a Python program for the anthropic library, version 2."""

from __future__ import annotations

from vision_studio.core.code_literals import PYTHON, literal, quoted
from vision_studio.core.code_request import ORDER, CodeImage, CodeRequest, Flavour

_INLINE = """
def image(name, media_type):
    data = base64.standard_b64encode(Path(name).read_bytes()).decode("ascii")
    return {"type": "base64", "media_type": media_type, "data": data}


"""
_FILES = """
def upload(name, media_type):
    with open(name, "rb") as file:
        uploaded = client.files.upload(file=(name, file, media_type))
    return {"type": "file", "file_id": uploaded.id}


"""


def python_code(request: CodeRequest, flavour: Flavour) -> str:
    """Return a whole program."""
    lines = ["# pip install 'anthropic>=2,<3'; the key is read from ANTHROPIC_API_KEY."]
    if request.images and flavour is not Flavour.URL:
        lines.append("# Run it in the folder that holds the images.")
    if request.images and flavour is Flavour.INLINE:
        lines += ["import base64", "from pathlib import Path", ""]
    lines += ["import anthropic", "", "client = anthropic.Anthropic()"]
    text = "\n".join(lines) + "\n"
    if request.images:
        text += {
            Flavour.INLINE: f"\n{_INLINE}",
            Flavour.URL: f"{_where()}\n",
            Flavour.FILES: f"\n{_FILES}{_uploads(request)}\n",
        }[flavour]
    else:
        text += "\n"

    def slot(image: CodeImage) -> str:
        match flavour:
            case Flavour.INLINE:
                return f"image({quoted(image.name)}, {quoted(image.media_type)})"
            case Flavour.URL:
                return f'{{"type": "url", "url": f"{{IMAGES}}/{image.name}"}}'
            case Flavour.FILES:
                return _variable(image)

    asked = "".join(
        f"    {name}={literal(request.body[name], PYTHON, slot, 4)},\n"
        for name in ORDER
        if name in request.body
    )
    return (
        f"{text}with client.messages.stream(\n{asked}) as stream:\n"
        '    for text in stream.text_stream:\n        print(text, end="", flush=True)\nprint()\n'
    )


def _where() -> str:
    return 'IMAGES = "https://example.com/images"  # where you put the images\n'


def _uploads(request: CodeRequest) -> str:
    return "".join(
        f"{_variable(image)} = upload({quoted(image.name)}, {quoted(image.media_type)})\n"
        for image in request.images
    )


def _variable(image: CodeImage) -> str:
    return image.name.partition(".")[0].replace("-", "_")
