"""Keyrings that pass for the library's own and fail, to be named in PYTHON_KEYRING_BACKEND."""

from __future__ import annotations

from keyring.backend import KeyringBackend
from keyring.errors import PasswordDeleteError, PasswordSetError


class Talkative(KeyringBackend):
    """Tells the key in the text of its error."""

    __module__ = "keyring.backends.kwallet"
    priority = 9

    def get_password(self, service: str, username: str) -> str | None:
        return "sk-kept"

    def set_password(self, service: str, username: str, password: str) -> None:
        raise ValueError(f"cannot store {password!r}")

    def delete_password(self, service: str, username: str) -> None:
        raise PasswordDeleteError("not allowed")


class Denying(Talkative):
    """The same, as the library's own error."""

    __module__ = "keyring.backends.kwallet"

    def set_password(self, service: str, username: str, password: str) -> None:
        raise PasswordSetError(password)
