"""A keyring no one should trust, which the library prefers to any other once it is loaded."""

from __future__ import annotations

from pathlib import Path

from keyring.backend import KeyringBackend


class PlainFile(KeyringBackend):
    """Writes keys where everybody can read them."""

    priority = 9

    def get_password(self, service: str, username: str) -> str | None:
        return "a key from a plain file"

    def set_password(self, service: str, username: str, password: str) -> None:
        (Path.home() / "plain.txt").write_text(password)

    def delete_password(self, service: str, username: str) -> None:
        (Path.home() / "plain.txt").unlink()
