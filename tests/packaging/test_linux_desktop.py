"""The files that a Linux desktop reads: valid, and true of the program."""

from __future__ import annotations

import configparser
import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest

from vision_studio.core.bundles import ENDING

FOLDER = Path(__file__).resolve().parents[2] / "packaging" / "linux"
ENTRY, METAINFO = FOLDER / "vision-studio.desktop", FOLDER / "vision-studio.metainfo.xml"


def entry() -> configparser.SectionProxy:
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str
    parser.read(ENTRY, encoding="utf-8")
    return parser["Desktop Entry"]


def test_open_with_hands_files_to_the_program_that_the_wheel_installs():
    assert entry()["Exec"].split() == ["vision-studio", "%F"]
    project = (FOLDER.parents[1] / "pyproject.toml").read_text(encoding="utf-8")
    assert '\nvision-studio = "' in project


def test_the_window_belongs_to_its_entry():
    app = (FOLDER.parents[1] / "vision_studio" / "app.py").read_text(encoding="utf-8")
    assert f'setDesktopFileName("{ENTRY.stem}")' in app
    assert entry()["StartupWMClass"] == ENTRY.stem


def test_the_type_of_bundles_is_told_to_the_system():
    mime = ElementTree.parse(FOLDER / "vision-studio-mime.xml").getroot()
    space = "{http://www.freedesktop.org/standards/shared-mime-info}"
    (declared,) = mime.iter(f"{space}mime-type")
    assert declared.get("type") in entry()["MimeType"].split(";")
    assert [glob.get("pattern") for glob in declared.iter(f"{space}glob")] == [f"*{ENDING}"]


def test_the_two_files_agree():
    types = set(entry()["MimeType"].rstrip(";").split(";"))
    component = ElementTree.parse(METAINFO).getroot()
    assert component.findtext("launchable") == ENTRY.name
    assert {found.text for found in component.iter("mediatype")} <= types
    assert component.findtext("summary") == entry()["Comment"]
    assert component.findtext("name") == entry()["Name"]


@pytest.mark.parametrize(
    ("program", "arguments"),
    [("desktop-file-validate", [ENTRY]), ("appstreamcli", ["validate", "--no-net", METAINFO])],
    ids=["entry", "metainfo"],
)
def test_the_desktops_own_validators_are_content(program, arguments):
    if shutil.which(program) is None:
        return  # each is one of many ways to see to it; the rules above hold without them
    checked = subprocess.run([program, *arguments], capture_output=True, text=True)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "error" not in checked.stdout
