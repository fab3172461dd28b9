"""Where the data folder is by default. Loaded at every start, before anything else of the engine."""

from __future__ import annotations

from pathlib import Path

import platformdirs


def default_folder() -> Path:
    return platformdirs.user_data_path("vision-studio", appauthor=False)
