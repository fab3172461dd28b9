"""API keys, in the operating system's keyring and nowhere else."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from vision_studio.core.failures import Failed, Failure, FailureKind

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

SERVICE = "Vision Studio"

# With no keyring of the system at hand, the library quietly takes any other back end that happens to be
# installed, one that writes the key in base64 to a plain file among them. Only these are trusted.
TRUSTED_BACKENDS = {
    "keyring.backends.SecretService": "Secret Service",
    "keyring.backends.libsecret": "Secret Service (libsecret)",
    "keyring.backends.kwallet": "KWallet",
    "keyring.backends.macOS": "macOS Keychain",
    "keyring.backends.Windows": "Windows Credential Locker",
}

Given = ParamSpec("Given")
Result = TypeVar("Result")


class KeyStore:
    """Keys by account, which is the origin of the server they are for.

    Every method blocks: the first loads the library, and a locked keyring may ask the user for a password.
    They raise ``Failed`` with ``KEYRING_MISSING`` or ``KEYRING_LOCKED``, whose words never hold a key.
    """

    def load(self, account: str) -> str | None:
        """Return the key kept for an account; None when there is none."""
        backends = self._backends()
        found = (_guarded(backend.get_password, SERVICE, account) for backend in backends)
        return next((key for key in found if key), None)

    def save(self, account: str, key: str) -> None:
        preferred = self._backends()[0]
        _guarded(preferred.set_password, SERVICE, account, key)

    def delete(self, account: str) -> None:
        """Remove the key from every keyring it may be in; one that is gone already is no failure."""
        for backend in self._backends():
            _guarded(_delete, backend, account)

    def describe(self) -> str:
        """Return the name of the keyring in use. Raises ``Failed`` where there is none to be trusted."""
        return TRUSTED_BACKENDS[_module(self._backends()[0])]

    def _backends(self) -> Sequence[KeyringBackend]:
        """Return the trusted keyrings, the preferred one first; at least one."""
        trusted = [backend for backend in _guarded(_available) if _module(backend) in TRUSTED_BACKENDS]
        if not trusted:
            raise _failed(FailureKind.KEYRING_MISSING, "This system offers no keyring to keep a key in.")
        return trusted


def _available() -> Sequence[KeyringBackend]:
    import keyring
    from keyring.backends.chainer import ChainerBackend

    chosen = keyring.get_keyring()
    return list(chosen.backends) if isinstance(chosen, ChainerBackend) else [chosen]


def _module(backend: KeyringBackend) -> str:
    return type(backend).__module__


def _delete(backend: KeyringBackend, account: str) -> None:
    from keyring.errors import PasswordDeleteError

    try:
        backend.delete_password(SERVICE, account)
    except PasswordDeleteError:
        if backend.get_password(SERVICE, account) is not None:
            raise


def _guarded(call: Callable[Given, Result], *given: Given.args, **named: Given.kwargs) -> Result:
    """Run a call into the library; whatever it raises becomes a failure in words of ours.

    The library's own exception is not chained: its text, or a value in it, might hold the key.
    """
    from keyring.errors import InitError, KeyringLocked, NoKeyringError

    try:
        return call(*given, **named)
    except (KeyringLocked, InitError):
        failed = _failed(FailureKind.KEYRING_LOCKED, "The keyring is locked.")
    except NoKeyringError:
        failed = _failed(FailureKind.KEYRING_MISSING, "This system offers no keyring to keep a key in.")
    except Exception as error:  # noqa: BLE001 - back ends let through errors of D-Bus, COM and Keychain
        failed = _failed(FailureKind.KEYRING_MISSING, f"The keyring did not work ({type(error).__name__}).")
    raise failed


def _failed(kind: FailureKind, message: str) -> Failed:
    return Failed(Failure(kind, message))
