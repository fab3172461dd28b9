"""Pictures, files and bills that show the window at its limits: many, huge, tiny, alike, badly named."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from vision_studio import assets
from vision_studio.core.conversation import Usage
from vision_studio.core.server_files import KnownFile, ServerFile, Standing
from vision_studio.core.spending import Bill

LONG_NAMES = (
    "検査報告書 2026年 第3四半期 東京工場 外観検査の結果.png",
    "صورة الواجهة الأمامية بعد الإصلاح.png",
    "party 🎉👩‍👩‍👧‍👦 final (2).png",
    "a-name-that-goes-on-and-on-" + "x" * 220 + ".png",
    "<b>not bold</b>.png",
)


def picture(path: Path, width: int, height: int, hue: int, number: int) -> Path:
    """Save a picture that can be told from its neighbours."""
    made = Image.new("RGB", (width, height), f"hsl({hue}, 45%, 62%)")
    draw = ImageDraw.Draw(made)
    edge = min(width, height)
    for ring in range(4):
        inset = edge * (ring + 1) // 10
        box = (width // 2 - edge // 2 + inset, inset, width // 2 + edge // 2 - inset, edge - inset)
        draw.ellipse(box, outline=f"hsl({(hue + 40 * number) % 360}, 50%, 35%)", width=max(1, edge // 60))
    draw.line(
        (0, height * 3 // 4, width, height * 3 // 4 - edge // 5), fill="white", width=max(1, edge // 40)
    )
    made.save(path)
    return path


def page(path: Path, width: int, height: int, letters_px: int) -> Path:
    """Save a page full of text in a type of so many pixels."""
    made = Image.new("RGB", (width, height), "white")
    draw = ImageDraw.Draw(made)
    type_ = ImageFont.truetype(str(assets.path("fonts/Inter-Regular.otf")), letters_px)
    pitch, margin = round(letters_px * 1.5), letters_px * 2
    for line, top in enumerate(range(margin, height - margin, pitch)):
        draw.text((margin, top), f"{line + 1:03d}  {_PROSE[line * 7 % 90 :]}", "#202020", type_)
    made.save(path)
    return path


_PROSE = (
    "Invoice total, net of the discount agreed in writing, is due within thirty days of receipt; interest "
    "is charged from then on at the usual rate, and goods remain ours until they are paid for in full. "
) * 4


def many(folder: Path, count: int) -> list[Path]:
    """Return so many pictures, the warnings among them in front."""
    first = picture(folder / "a-first.png", 1200, 900, 20, 1)
    twin = folder / "b-same-again.png"
    twin.write_bytes(first.read_bytes())
    still = [Image.new("RGB", (320, 240), f"hsl({hue}, 60%, 60%)") for hue in (0, 120, 240)]
    animated = folder / "c-animated.gif"
    still[0].save(animated, save_all=True, append_images=still[1:], duration=200)
    paths = [
        first,
        twin,
        animated,
        picture(folder / "d-tiny.png", 60, 40, 200, 2),
        picture(folder / "e-too-wide.png", 8200, 300, 90, 3),
        picture(folder / "f-tall.png", 400, 4200, 150, 4),
        picture(folder / "g-large.jpg", 4032, 3024, 270, 5),
    ]
    for number in range(len(paths), count):
        width, height = ((640, 480), (480, 640), (800, 450))[number % 3]
        paths.append(picture(folder / f"h-{number:02d}.png", width, height, number * 29 % 360, number))
    return paths[:count]


def photographs(folder: Path, count: int) -> list[Path]:
    """Return many names of a few photographs of 12 megapixels."""
    taken = [
        picture(folder / f"IMG_{number:04d}.jpg", 4032, 3024, number * 67, number) for number in range(6)
    ]
    paths = [folder / f"IMG_{number:04d}.jpg" for number in range(count)]
    for number, path in enumerate(paths[len(taken) :]):
        path.hardlink_to(taken[number % len(taken)])
    return paths


def badly_named(folder: Path) -> list[Path]:
    """Return pictures whose names are long, foreign or hostile."""
    paths = []
    for number, name in enumerate(LONG_NAMES):
        while len(name.encode()) > 255:  # what a file system takes
            name = name[:100] + name[101:]
        paths.append(picture(folder / name.replace("/", "-"), 640, 480, number * 67, number))
    return paths


def unusable(folder: Path) -> list[Path]:
    """Return one good picture among files that cannot be used."""
    (folder / "notes.txt").write_text("not a picture")
    (folder / "empty.png").write_bytes(b"")
    good = picture(folder / "good.png", 640, 480, 30, 1)
    (folder / "cut-off.png").write_bytes(good.read_bytes()[:900])
    (folder / "empty folder").mkdir(exist_ok=True)
    for number in range(4):
        (folder / f"page {number}.docx").write_bytes(b"PK\x03\x04 not a picture either")
    pages = [folder / f"page {number}.docx" for number in range(4)]
    names = ("notes.txt", "empty.png", "cut-off.png", "empty folder")
    return [good, *(folder / name for name in names), *pages]


def for_the_tour(folder: Path, samples: Sequence[Path]) -> list[Path]:
    """Return a picture larger than any model sees, a chart, and one in a format the API does not take."""
    dusk, _, revenue, receipt = samples
    with Image.open(dusk) as ridge:
        ridge.crop((300, 0, 1100, 1066)).resize((3024, 4032)).save(folder / "dusk.jpg", quality=88)
    with Image.open(receipt) as scan:
        scan.save(folder / "receipt.tiff")
    return [folder / "dusk.jpg", revenue, folder / "receipt.tiff"]


def tiles(folder: Path, count: int) -> list[Path]:
    """Small plain pictures, each of its own colour."""
    paths = [folder / f"tile-{number:03}.png" for number in range(1, count + 1)]
    for number, path in enumerate(paths):
        colour = (number * 37 % 256, number * 91 % 256, number * 151 % 256)
        Image.new("RGB", (240 + number % 7 * 40, 240), colour).save(path, compress_level=1)
    return paths


def report(folder: Path, pages: int) -> Path:
    """Save a PDF whose pages can be told apart."""
    sheets = []
    for number in range(1, pages + 1):
        sheet = Image.new("RGB", (850, 1100) if number % 4 else (1100, 850), "white")
        draw = ImageDraw.Draw(sheet)
        draw.rectangle((80, 80, 80 + 90 * number, 180), fill=f"hsl({number * 45}, 50%, 50%)")
        for line in range(240, sheet.height - 120, 36):
            draw.line((80, line, sheet.width - 80 - (line * number) % 200, line), fill="#777777", width=6)
        sheets.append(sheet)
    sheets[0].save(folder / "Quarterly report.pdf", save_all=True, append_images=sheets[1:])
    return folder / "Quarterly report.pdf"


def month(today: date) -> tuple[date, date]:
    """Return the first and the last of thirty days."""
    return today - timedelta(days=29), today


def bills(today: date) -> list[Bill]:
    """A month of somebody who asks about roofs, receipts and screens, on most days."""
    titles = ("Compare the roofs", "October receipts", "Login screens", "Which crack is new?", "Menus")
    models = ("claude-sonnet-5-5", "claude-haiku-5-5", "claude-opus-5-5")
    made = []
    for row in range(90):
        day = today - timedelta(days=(row * 7) % 29)
        if day.weekday() == 6:
            continue
        read, fresh = (row * 7919) % 60_000, 2000 + (row * 104_729) % 9000
        usage = Usage(fresh, 200 + row * 7, cache_read_tokens=read, cache_write_5m_tokens=fresh // 2)
        cost = Decimal(fresh * 4 + read // 3 + row * 100) / 1_000_000
        title, estimate = (
            titles[(row * row + row // 11) % 5],
            round(usage.prompt_tokens * (0.97 + row % 7 / 100)),
        )
        made.append(Bill(day, f"{day}T09:00:00+00:00", title, title, models[row % 3], usage, cost, estimate))
    return made


def foreign_files() -> list[KnownFile]:
    """Return files that other programs and other folders put on the server."""
    at = datetime(2026, 11, 3, 9, 30, tzinfo=UTC)
    return [
        KnownFile(ServerFile("file_1", "quarterly report.pdf", "application/pdf", 2_345_678, at)),
        KnownFile(
            ServerFile("file_2", LONG_NAMES[0], "image/png", 456_789, at, at + timedelta(days=60)),
            Standing.UNUSED,
            LONG_NAMES[0],
        ),
    ]


TEMPLATES = (
    (
        "Before and after",
        "Compare {{image: before}} with {{image: after}}. What changed, and what is {{what to look for}}? "
        "Answer in {{language}}.",
    ),
    ("Receipt to table", "Read {{image: receipt}} into a table: item, amount in {{currency}}, tax."),
    ("Alt text", "Write an alternative text of at most 125 characters for {{image}}."),
)
