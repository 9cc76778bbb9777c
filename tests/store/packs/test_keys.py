"""The installation's key: one, private, never replaced in silence."""

import os
import subprocess
import sys

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from hypothesis import given
from hypothesis import strategies as st

from glomviewer.store.packs.errors import KeyUnreadable
from glomviewer.store.packs.keys import (
    KEY_FILE,
    SigningKey,
    fingerprint,
    installation_key,
    plain_fingerprint,
    verify,
)


def test_the_installation_keeps_its_key(home):
    first = installation_key()
    assert installation_key().public == first.public
    assert [file.name for file in home.iterdir() if "lock" not in file.name] == [KEY_FILE]


def test_another_home_has_another_key(home, monkeypatch, tmp_path):
    first = installation_key()
    monkeypatch.setenv("GLOMVIEWER_HOME", str(tmp_path / "elsewhere"))
    assert installation_key().public != first.public


@pytest.mark.skipif(os.name == "nt", reason="Windows knows no modes")
def test_nobody_else_may_read_the_key(home):
    installation_key()
    file = home / KEY_FILE
    assert file.stat().st_mode & 0o777 == 0o600
    file.chmod(0o644)
    installation_key()
    assert file.stat().st_mode & 0o777 == 0o600


def test_two_first_starts_at_once_agree(home):
    program = (
        "import sys; from glomviewer.store.packs.keys import installation_key; "
        "sys.stdin.readline(); print(installation_key().public.hex())"
    )
    children = [
        subprocess.Popen(
            [sys.executable, "-c", program],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"GLOMVIEWER_HOME": str(home)},
        )
        for _ in range(3)
    ]
    for child in children:
        assert child.stdin is not None
        child.stdin.write("go\n")
        child.stdin.flush()
    said = {child.communicate(timeout=60)[0].strip() for child in children}
    assert said == {installation_key().public.hex()}


@pytest.mark.parametrize("content", [b"", b"-----BEGIN PRIVATE KEY-----\nAAAA\n"])
def test_a_damaged_key_is_told_and_stays(home, content):
    home.mkdir()
    (home / KEY_FILE).write_bytes(content)
    with pytest.raises(KeyUnreadable, match="damaged; put it back from a backup"):
        installation_key()
    assert (home / KEY_FILE).read_bytes() == content


def test_a_locked_key_and_one_of_another_kind_are_told(home):
    home.mkdir()
    private = load_pem_private_key(SigningKey.generate().to_pem(), password=None)
    locked = private.private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"x" * 8)
    )
    other = generate_private_key(SECP256R1()).private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
    for content in (locked, other):
        (home / KEY_FILE).write_bytes(content)
        with pytest.raises(KeyUnreadable):
            installation_key()


@given(st.binary(max_size=100), st.integers(0, 511))
def test_a_signature_fits_its_data_and_its_key_alone(data, bit):
    key = SigningKey.generate()
    signature = key.sign(data)
    assert verify(key.public, signature, data)
    assert not verify(SigningKey.generate().public, signature, data)
    assert not verify(key.public, signature, data + b".")
    flipped = bytearray(signature)
    flipped[bit // 8] ^= 1 << bit % 8
    assert not verify(key.public, bytes(flipped), data)


@given(st.binary(max_size=80), st.binary(max_size=80), st.binary(max_size=20))
def test_what_is_no_key_or_signature_verifies_nothing(public, signature, data):
    assert not verify(public, signature, data)


def test_the_fingerprint_is_as_published():
    # SHA-256 of 32 zero bytes starts with 66687aadf862bd776c8f.
    assert fingerprint(bytes(32)) == "MZUH-VLPY-MK6X-O3EP"


@given(st.binary(min_size=32, max_size=32))
def test_a_fingerprint_can_be_typed_in_any_manner(public):
    shown = fingerprint(public)
    assert plain_fingerprint(shown) == shown
    assert plain_fingerprint(f" {shown.lower().replace('-', ' ')} ") == shown
    assert plain_fingerprint(shown[:-1]) is None
    assert plain_fingerprint(shown[:-1] + "1") is None


def test_the_secret_is_not_in_the_text():
    key = SigningKey.generate()
    assert repr(key) == f"SigningKey({key.fingerprint})"
