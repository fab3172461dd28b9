"""A request as a TypeScript module for @anthropic-ai/sdk; without its imports' types it is JavaScript too."""

from __future__ import annotations

from vision_studio.core.code_literals import TYPESCRIPT, literal, quoted
from vision_studio.core.code_request import ORDER, CodeImage, CodeRequest, Flavour


def typescript_code(request: CodeRequest, flavour: Flavour) -> str:
    """Return a whole module."""
    needed = flavour if request.images else None
    lines = ["// npm install @anthropic-ai/sdk; the key is read from ANTHROPIC_API_KEY."]
    if needed in (Flavour.INLINE, Flavour.FILES):
        lines.append("// Run it in the folder that holds the images.")
    if needed is Flavour.INLINE:
        lines.append('import { readFileSync } from "node:fs";')
    if needed is Flavour.FILES:
        lines.append('import { createReadStream } from "node:fs";')
    kinds = "Anthropic, { toFile }" if needed is Flavour.FILES else "Anthropic"
    lines += [f'import {kinds} from "@anthropic-ai/sdk";', "", "const client = new Anthropic();"]
    if needed is Flavour.URL:
        lines.append('const images = "https://example.com/images"; // where you put the images')
    if needed is Flavour.FILES:
        lines += [
            f"const {_variable(image)} = await client.files.upload({{\n"
            f"    file: await toFile(createReadStream({quoted(image.name)}), {quoted(image.name)}, "
            f"{{ type: {quoted(image.media_type)} }}),\n}});"
            for image in request.images
        ]

    def slot(image: CodeImage) -> str:
        match flavour:
            case Flavour.INLINE:
                data = f'readFileSync({quoted(image.name)}, "base64")'
                return f'{{ type: "base64", media_type: {quoted(image.media_type)}, data: {data} }}'
            case Flavour.URL:
                return f'{{ type: "url", url: `${{images}}/{image.name}` }}'
            case Flavour.FILES:
                return f'{{ type: "file", file_id: {_variable(image)}.id }}'

    asked = "".join(
        f"    {name}: {literal(request.body[name], TYPESCRIPT, slot, 4)},\n"
        for name in ORDER
        if name in request.body
    )
    return (
        "\n".join(lines) + f"\n\nconst stream = client.messages.stream({{\n{asked}}});\n"
        'stream.on("text", (text) => process.stdout.write(text));\n'
        'await stream.finalMessage();\nprocess.stdout.write("\\n");\n'
    )


def _variable(image: CodeImage) -> str:
    return image.name.partition(".")[0].replace("-", "")
