"""An environment is made once, noticed when it is spoilt, and made anew after an interruption."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from bootstrap import environment
from bootstrap.environment import Environment, SetUpFailed
from bootstrap.interpreters import running
from bootstrap.stamp import Stamp

PACKAGING = Path(environment.__file__).parents[1]

_SET_UP = """
import sys
from pathlib import Path
from bootstrap.environment import Environment
from bootstrap.interpreters import running
root = Path(sys.argv[1])
Environment(root, root / ".venv").make_ready(running(), [root / "app.lock", root / "dev.lock"])
"""


def add_wheel(folder: Path, name: str) -> str:
    """Write a wheel of one empty module, and return its line in a lock file."""
    wheel = folder / f"{name}-1.0-py3-none-any.whl"
    about = f"{name}-1.0.dist-info"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr(f"{name}.py", "")
        archive.writestr(f"{about}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        archive.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{about}/RECORD", "")
    return f"{name}==1.0 --hash=sha256:{hashlib.sha256(wheel.read_bytes()).hexdigest()}\n"


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout, in a folder whose name has a space, that needs two packages pip finds without a network."""
    root, wheels = tmp_path / "a checkout", tmp_path / "wheels"
    root.mkdir()
    wheels.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(wheels))
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    app = add_wheel(wheels, "for_the_app")
    (root / "app.lock").write_text(app)
    (root / "dev.lock").write_text(app + add_wheel(wheels, "for_the_tests"))
    (root / "vision_studio").mkdir()
    (root / "vision_studio" / "__main__.py").write_text("import sys, for_the_app; print(sys.argv[1:])")
    return root


@pytest.mark.slow
def test_set_ups_heal_build_on_each_other_and_wait_for_each_other(
    checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    made = Environment(checkout, checkout / ".venv")
    app, dev = checkout / "app.lock", checkout / "dev.lock"

    # What is left of a set-up killed while pip unpacked a package, which pip would take for installed.
    version = f"3.{sys.version_info.minor}"
    half_unpacked = (
        checkout / ".venv" / "lib" / f"python{version}" / "site-packages" / "for_the_app-1.0.dist-info"
    )
    half_unpacked.mkdir(parents=True)
    (half_unpacked / "METADATA").write_text("Metadata-Version: 2.1\nName: for_the_app\nVersion: 1.0\n")

    made.make_ready(running(), [app])
    assert ".venv is unfinished or out of date; making it anew." in capfd.readouterr().err
    assert made.is_ready([app])
    assert not made.is_ready([app, dev])
    assert made.version() == version

    # The command it installs works from anywhere, takes odd words, and imports the checkout.
    command = [str(checkout / ".venv" / "bin" / "vision-studio"), "a b", "$HOME"]
    answer = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert answer.stdout == "['a b', '$HOME']\n"

    # The tests' packages would be added to what is there, but pip finds none of them.
    with monkeypatch.context() as patch:
        patch.setenv("PIP_FIND_LINKS", str(checkout))
        with pytest.raises(SetUpFailed, match="starts afresh"):
            made.make_ready(running(), [app, dev])
    said = capfd.readouterr().err
    assert "No matching distribution found for for_the_tests==1.0" in said
    assert "Making .venv" not in said
    assert not made.is_ready([app])

    # Two at once: one makes it, the other waits and finds nothing left to do.
    set_ups = [
        subprocess.Popen(
            [sys.executable, "-c", _SET_UP, str(checkout)], cwd=PACKAGING, stderr=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    words = [set_up.communicate()[1] for set_up in set_ups]
    assert [set_up.returncode for set_up in set_ups] == [0, 0]
    assert sorted("Making .venv" in said for said in words) == [False, True]
    assert made.is_ready([app, dev])


@pytest.fixture
def finished(tmp_path: Path) -> Path:
    """A checkout with what counts in a finished environment, made without pip."""
    root = tmp_path / "checkout"
    site_packages = root / ".venv" / "lib" / "python3.12" / "site-packages"
    (site_packages / "PySide6").mkdir(parents=True)
    python = root / ".venv" / "bin" / "python"
    python.parent.mkdir()
    (tmp_path / "python3.12").touch()
    python.symlink_to(tmp_path / "python3.12")
    (root / "app.lock").write_text("PySide6==6\n")
    stamp = Stamp.of(
        root=root, python=python, site_packages=site_packages, version="3.12", locks=[root / "app.lock"]
    )
    stamp.write(root / ".venv" / "ready.json")
    return root


def is_ready(root: Path) -> bool:
    return Environment(root, root / ".venv").is_ready([root / "app.lock"])


def test_a_finished_environment_is_ready(finished: Path) -> None:
    assert is_ready(finished)
    assert Environment(finished, finished / ".venv").version() == "3.12"


def test_a_changed_lock_asks_for_a_new_environment(finished: Path) -> None:
    (finished / "app.lock").write_text("PySide6==7\n")
    assert not is_ready(finished)


def test_a_moved_checkout_asks_for_a_new_environment(finished: Path) -> None:
    assert not is_ready(finished.rename(finished.with_name("moved")))


def test_a_removed_package_asks_for_a_new_environment(finished: Path) -> None:
    (finished / ".venv" / "lib" / "python3.12" / "site-packages" / "PySide6").rmdir()
    assert not is_ready(finished)


def test_a_package_added_by_hand_does_not(finished: Path) -> None:
    (finished / ".venv" / "lib" / "python3.12" / "site-packages" / "ipdb").mkdir()
    assert is_ready(finished)


def test_a_removed_python_asks_for_a_new_environment(finished: Path) -> None:
    (finished.parent / "python3.12").unlink()
    assert not is_ready(finished)
    assert Environment(finished, finished / ".venv").version() is None


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"locks": 1}'])
def test_a_damaged_stamp_is_no_stamp(finished: Path, content: str) -> None:
    (finished / ".venv" / "ready.json").write_text(content)
    assert not is_ready(finished)


def test_another_pythons_variables_are_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PYTHONHOME", "PYTHONPATH"):
        monkeypatch.setenv(name, "/elsewhere")
    monkeypatch.setenv("PYTHONUNBUFFERED", "1")
    kept = environment.clean_environ()
    assert "PYTHONHOME" not in kept
    assert "PYTHONPATH" not in kept
    assert kept["PYTHONUNBUFFERED"] == "1"
