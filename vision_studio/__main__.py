"""Runs the application: `python -m vision_studio`."""

from __future__ import annotations

import sys

from vision_studio.cli import main

if __name__ == "__main__":
    sys.exit(main())
