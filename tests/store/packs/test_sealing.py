"""A sealed call opens for its own item alone and does not tell its length."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glomviewer.store.packs.errors import UnsoundContent
from glomviewer.store.packs.sealing import (
    CALL_LIMIT,
    SEALED_BYTES,
    new_secret,
    seal,
    unseal,
)

SECRET = new_secret()
calls = st.binary(max_size=CALL_LIMIT)


@given(calls, st.text(max_size=40).filter(str.isascii))
def test_a_call_is_as_it_was_and_of_one_length(call, item):
    sealed = seal(SECRET, item, call)
    assert len(sealed) == SEALED_BYTES
    assert unseal(SECRET, item, sealed) == call


def test_the_call_is_not_to_be_seen():
    call = b'{"call":1,"probability":0.97}'
    assert b"call" not in seal(SECRET, "item", call)


def test_the_same_call_looks_different_each_time():
    assert seal(SECRET, "item", b"1") != seal(SECRET, "item", b"1")


@pytest.mark.parametrize(
    "secret, item", [(SECRET, "other"), (new_secret(), "item")], ids=["item", "pack"]
)
def test_another_item_or_pack_opens_nothing(secret, item):
    with pytest.raises(UnsoundContent, match="altered or belongs to another pack"):
        unseal(secret, item, seal(SECRET, "item", b"1"))


@given(st.integers(0, SEALED_BYTES - 1), st.integers(1, 255))
def test_a_changed_byte_opens_nothing(at, mask):
    sealed = bytearray(seal(SECRET, "item", b"1"))
    sealed[at] ^= mask
    with pytest.raises(UnsoundContent):
        unseal(SECRET, "item", bytes(sealed))


@given(st.binary(max_size=SEALED_BYTES + 10))
def test_any_bytes_open_nothing(sealed):
    with pytest.raises(UnsoundContent):
        unseal(SECRET, "item", sealed)


def test_a_call_that_would_show_by_its_length_is_refused():
    with pytest.raises(ValueError, match="can't be sealed"):
        seal(SECRET, "item", b"x" * (CALL_LIMIT + 1))
