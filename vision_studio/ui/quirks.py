"""What PySide does to the whole process, and this application does not want."""

from __future__ import annotations

import sys


def leave_imports_alone() -> None:
    """Have PySide stop reading the source of every module that is imported after it.

    It looks for ``from __feature__ import``, which nothing here uses. Reading the 3,000 modules behind the
    API library costs a third of a second and 29 MB, and ends in a RecursionError on modules that import when
    they are looked at (pydantic's), in whichever thread imports them. Seen in PySide 6.11.3.
    """
    import PySide6.QtCore  # noqa: F401  # it is this that brings the hook

    feature = sys.modules.get("shibokensupport.feature")
    if hasattr(feature, "feature_imported"):
        feature.feature_imported = lambda module: None  # type: ignore[union-attr]  # it has no stubs
