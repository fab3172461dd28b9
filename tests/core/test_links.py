"""Which addresses are taken for a picture's, and what is made of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vision_studio.core.links import LONGEST, can_stay, host_of, is_local, name_at, picture_address


@pytest.mark.parametrize(
    ("text", "address"),
    [
        pytest.param("https://example.com/cat.png", "https://example.com/cat.png", id="plain"),
        pytest.param(
            "  https://example.com/a?b=c&d=%20#top\n", "https://example.com/a?b=c&d=%20", id="trimmed"
        ),
        pytest.param("HTTP://Example.COM:8080/A", "http://example.com:8080/A", id="in capitals"),
        pytest.param("https://bücher.example/é/猫.png", None, id="letters of other scripts"),
        pytest.param("https://[2001:db8::1]:443/x", "https://[2001:db8::1]:443/x", id="IPv6"),
    ],
)
def test_addresses_are_kept_as_they_are_sent(text: str, address: str | None) -> None:
    expected = address or "https://xn--bcher-kva.example/%C3%A9/%E7%8C%AB.png"
    assert picture_address(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("cat.png", id="a name"),
        pytest.param("file:///etc/passwd", id="a file"),
        pytest.param("javascript:alert(1)", id="a script"),
        pytest.param("ftp://example.com/cat.png", id="another protocol"),
        pytest.param("https:///cat.png", id="no host"),
        pytest.param("https://user:secret@example.com/cat.png", id="a password"),
        pytest.param("https://good.example@evil.example/", id="a host that is a user's name"),
        pytest.param("https://example.com:99999/", id="no such port"),
        pytest.param("https://exa mple.com/", id="a space"),
        pytest.param("https://example.com/\r\nHost: evil", id="a line break"),
        pytest.param("https://[::1/", id="half a bracket"),
        pytest.param("https://" + "a" * 70 + ".com/", id="a label too long"),
        pytest.param("https://example.com/" + "a" * LONGEST, id="too long"),
        pytest.param("https://example.com/" + "猫" * 700, id="too long once encoded"),
    ],
)
def test_other_texts_are_no_address(text: str) -> None:
    assert picture_address(text) is None


@given(st.text(max_size=60))
def test_no_text_breaks_it_and_what_it_takes_it_takes_again(text: str) -> None:
    for candidate in (text, f"https://{text}", f"https://example.com/{text}"):
        address = picture_address(candidate)
        if address is not None:
            assert address.isascii()
            assert picture_address(address) == address
            assert name_at(address)
            assert host_of(address)


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("https://example.com/a/cat%20one.png?x=1", "cat one.png"),
        ("https://example.com/a/", "example.com"),
        ("https://xn--bcher-kva.example", "bücher.example"),
    ],
)
def test_a_picture_is_called_by_its_files_name(address: str, name: str) -> None:
    assert name_at(address) == name


@pytest.mark.parametrize(
    ("host", "local"),
    [
        ("localhost", True),
        ("127.0.0.1", True),
        ("[::1]", True),
        ("192.168.1.20", True),
        ("10.0.0.1:8080", True),
        ("169.254.169.254", True),
        ("printer.local", True),
        ("intranet", True),
        ("example.com.", False),
        ("8.8.8.8", False),
    ],
)
def test_what_is_in_the_local_network_by_its_name(host: str, local: bool) -> None:
    assert is_local(f"https://{host}/cat.png") is local
    assert can_stay(f"https://{host}/cat.png") is not local


def test_the_api_fetches_by_https_alone() -> None:
    assert not can_stay("http://example.com/cat.png")
