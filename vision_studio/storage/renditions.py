"""Which rendition was made of which original, so that each is made once."""

from __future__ import annotations

from vision_studio.core.draft import Rendition
from vision_studio.storage.cells import Undecodable
from vision_studio.storage.database import Database
from vision_studio.storage.rows import rendition_cells, rendition_from


class Renditions:
    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, original_digest: str, recipe_key: str) -> Rendition | None:
        """Return what was made before; its bytes are among the blobs unless someone removed them."""
        rows = self._database.read(
            "SELECT digest, media_type, width, height, size_bytes FROM renditions "
            "WHERE original_digest = ? AND recipe = ?",
            (original_digest, recipe_key),
        )
        try:
            return rendition_from(rows[0]) if rows else None
        except Undecodable:
            return None  # it is made again

    def remember(self, original_digest: str, recipe_key: str, rendition: Rendition) -> None:
        # What a loss of power takes back is made again.
        with self._database.writing(durable=False) as transaction:
            transaction.execute(
                "INSERT OR REPLACE INTO renditions "
                "(original_digest, recipe, digest, media_type, width, height, size_bytes) "
                "VALUES (?, ?, ?, ?, ?, ?, ?)",
                (original_digest, recipe_key, *rendition_cells(rendition)),
            )
