"""Resources are found from any folder, and nothing else is."""

from pathlib import Path

import pytest

from vision_studio import assets


def test_a_resource_is_found_wherever_the_program_was_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    assert assets.path("icons/send.svg").is_file()
    assert assets.text("fonts/OFL.txt").startswith("Copyright")


@pytest.mark.parametrize(
    "name", ["../pyproject.toml", "/etc/hostname", "icons/../../LICENSE", "icons\\send.svg"]
)
def test_a_name_that_leads_outside_is_refused(name: str):
    with pytest.raises(ValueError, match="not the name of a resource"):
        assets.path(name)


def test_a_missing_resource_says_what_is_missing():
    with pytest.raises(FileNotFoundError, match=r"icons/unicorn\.svg is missing"):
        assets.path("icons/unicorn.svg")


def test_installed_resources_are_used_when_none_lie_beside_the_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "icons").mkdir()
    monkeypatch.setattr(assets, "_BESIDE_THE_PACKAGE", tmp_path / "nowhere")
    monkeypatch.setattr(assets, "_INSTALLED", tmp_path)
    assets.root.cache_clear()
    try:
        assert assets.root() == tmp_path
        monkeypatch.setattr(assets, "_INSTALLED", tmp_path / "nowhere")
        assets.root.cache_clear()
        with pytest.raises(FileNotFoundError, match="resources folder is missing"):
            assets.root()
    finally:
        assets.root.cache_clear()
