"""The key is in a keyring that can be trusted, or nowhere; and in no message."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.keyring_session import KeyringSession

ROOT = Path(__file__).parents[2]
FAKES = "tests.storage.fake_keyrings"
PLAIN = "tests.storage.plain_keyring"

# Prints what each step gives: its value, or the failure with the whole traceback.
PROBE = """
import sys, traceback
from vision_studio.core.failures import Failed
from vision_studio.storage.secrets import KeyStore
store = KeyStore()
for step in sys.argv[1:]:
    name, *given = step.split("|")
    try:
        print(name, "->", repr(getattr(store, name)(*given)), flush=True)
    except Failed as failed:
        print(name, "!!", failed.failure.kind, failed.failure.message, flush=True)
        traceback.print_exc()
"""
SERVER = "https://api.anthropic.com"
KEY = "sk-ant-grüße-猫"


def probe(*steps):
    return [sys.executable, "-c", PROBE, *steps]


def run_without_session(steps, tmp_path, **environ):
    """Run the probe where there is no D-Bus, with a home of its own."""
    return subprocess.run(
        probe(*steps),
        cwd=ROOT,
        env={**os.environ, "HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path), **environ},
        capture_output=True,
        text=True,
        check=True,
    )


def test_a_key_is_kept_by_server_until_it_is_deleted(keyring_session: KeyringSession):
    steps = [
        "describe",
        f"load|{SERVER}",
        f"save|{SERVER}|first",
        f"save|{SERVER}|{KEY}",
        "save|https://gateway.example|other",
        f"load|{SERVER}",
        f"delete|{SERVER}",
        f"delete|{SERVER}",
        f"load|{SERVER}",
        "load|https://gateway.example",
    ]
    finished = keyring_session.run(probe(*steps), environ={"PYTHONPATH": str(ROOT)})
    assert finished.stdout.splitlines() == [
        "describe -> 'Secret Service'",
        "load -> None",
        "save -> None",
        "save -> None",
        "save -> None",
        f"load -> {KEY!r}",
        "delete -> None",
        "delete -> None",
        "load -> None",
        "load -> 'other'",
    ], finished.stderr


def test_a_key_is_there_in_the_next_run_unless_the_keyring_is_locked(keyring_session: KeyringSession):
    environ = {"PYTHONPATH": str(ROOT)}
    keyring_session.run(probe(f"save|{SERVER}|{KEY}"), environ=environ)
    again = keyring_session.run(probe(f"load|{SERVER}"), environ=environ)
    assert again.stdout == f"load -> {KEY!r}\n", again.stderr

    steps = [f"load|{SERVER}", f"save|{SERVER}|{KEY}", f"delete|{SERVER}"]
    locked = keyring_session.run(probe(*steps), environ=environ, unlocked=False)
    assert locked.stdout.splitlines() == [
        f"{name} !! keyring_locked The keyring is locked." for name in ("load", "save", "delete")
    ], locked.stderr
    assert KEY not in locked.stderr


def test_a_plain_file_is_passed_over_for_the_real_keyring(keyring_session: KeyringSession):
    steps = ["describe", f"save|{SERVER}|{KEY}", f"load|{SERVER}", f"delete|{SERVER}", f"load|{SERVER}"]
    both = [sys.executable, "-c", f"import {PLAIN}\n{PROBE}", *steps]
    finished = keyring_session.run(both, environ={"PYTHONPATH": str(ROOT)})
    assert finished.stdout.splitlines() == [
        "describe -> 'Secret Service'",
        "save -> None",
        f"load -> {KEY!r}",
        "delete -> None",
        "load -> None",
    ], finished.stderr


@pytest.mark.parametrize("step", ["describe", f"load|{SERVER}", f"save|{SERVER}|{KEY}", f"delete|{SERVER}"])
@pytest.mark.parametrize(
    "backend",
    [
        pytest.param(f"{PLAIN}.PlainFile", id="a plain file"),
        pytest.param("keyring.backends.null.Keyring", id="switched off"),
        pytest.param("keyring.backends.fail.Keyring", id="none"),
        pytest.param("keyring.backends.chainer.ChainerBackend", id="an empty chain"),
    ],
)
def test_a_keyring_that_cannot_be_trusted_is_none(tmp_path, backend, step):
    finished = run_without_session([step], tmp_path, PYTHON_KEYRING_BACKEND=backend)
    name = step.partition("|")[0]
    words = "This system offers no keyring to keep a key in."
    assert finished.stdout == f"{name} !! keyring_missing {words}\n"
    assert KEY not in finished.stderr
    assert not [file for file in tmp_path.rglob("*") if file.is_file()]


@pytest.mark.parametrize(("backend", "error"), [("Talkative", "ValueError"), ("Denying", "PasswordSetError")])
def test_a_keyring_that_tells_the_key_in_its_error_is_not_quoted(tmp_path, backend, error):
    finished = run_without_session(
        [f"save|{SERVER}|{KEY}"], tmp_path, PYTHON_KEYRING_BACKEND=f"{FAKES}.{backend}"
    )
    assert finished.stdout == f"save !! keyring_missing The keyring did not work ({error}).\n"
    assert "Traceback" in finished.stderr
    assert KEY not in finished.stderr


def test_a_key_that_stays_although_it_was_deleted_is_a_failure(tmp_path):
    finished = run_without_session(
        [f"delete|{SERVER}"], tmp_path, PYTHON_KEYRING_BACKEND=f"{FAKES}.Talkative"
    )
    assert finished.stdout == "delete !! keyring_missing The keyring did not work (PasswordDeleteError).\n"


def test_the_library_is_not_loaded_before_a_key_is_asked_for():
    code = "import sys, vision_studio.storage.secrets as s; s.KeyStore(); print('keyring' in sys.modules)"
    finished = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert finished.stdout == "False\n"
