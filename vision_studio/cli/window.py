"""`vision-studio [IMAGE…]`: opens the window, or says why that is not possible."""

from __future__ import annotations

from vision_studio.cli import system_parts
from vision_studio.cli.arguments import Command
from vision_studio.cli.console import Console
from vision_studio.engine.options import Options, Wish
from vision_studio.headless import mishaps


def window(asked: Command, console: Console) -> int:
    """Run the window until it is closed."""
    if not system_parts.has_screen():
        console.remark("There is no screen to open a window on. `vision-studio send` asks without one.")
        return 1
    try:
        from vision_studio import app
    except ImportError as error:
        # Qt says which library it misses, and `doctor` which package has it.
        console.remark(f"The window cannot be opened: {error}. `vision-studio doctor` tells what mends it.")
        return 1
    wish = Wish(practice=asked.practice, base_url=asked.base_url)
    engine = Options(asked.data_dir, wish, samples=app.sample_paths(), mishaps=mishaps())
    return app.main(app.Options(engine, open_with=asked.files))
