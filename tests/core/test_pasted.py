"""Pictures inside of "data:" addresses."""

from __future__ import annotations

import base64
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vision_studio.core.pasted import DataAddress


@pytest.mark.parametrize(
    ("address", "name", "data"),
    [
        pytest.param("data:image/png;base64,aGVsbG8=", "Pasted image.png", b"hello", id="base64"),
        pytest.param("data:image/png;base64,aGVsbG8", "Pasted image.png", b"hello", id="without its padding"),
        pytest.param("data:image/jpeg;BASE64,aGVs%62G8%3D", "Pasted image.jpg", b"hello", id="in an address"),
        pytest.param("data:image/svg+xml,%3Csvg/%3E", "Pasted image.svg", b"<svg/>", id="as text"),
        pytest.param("data:image/x-;;base64,aGVsbG8=", "Pasted image", b"hello", id="of an odd type"),
    ],
)
def test_a_picture_in_an_address(address, name, data):
    assert (DataAddress(address).name, DataAddress(address).data()) == (name, data)


@pytest.mark.parametrize("address", ["data:image/png;base64,", "data:image/png", "data:image/png;base64,A"])
def test_no_picture_in_an_address(address):
    with pytest.raises(ValueError, match=r"base64|nothing"):
        DataAddress(address).data()


@given(st.binary(min_size=1, max_size=50))
def test_every_picture_comes_out_as_it_went_in(data):
    assert DataAddress(f"data:image/png;base64,{base64.b64encode(data).decode()}").data() == data


@given(st.text(max_size=80))
def test_no_address_hurts(rest):
    address = DataAddress("data:image/" + rest)
    assert address.name.startswith("Pasted image")
    with suppress(ValueError):
        assert address.data()
