"""Small packs, and the cheapest passphrase that Argon2id knows."""

import pytest

from glomviewer.store.packs.keys import SigningKey
from glomviewer.store.packs.manifest import PackKind
from glomviewer.store.packs.writing import Member, PackHead, write_pack
from glomviewer.store.passphrases import KdfCost

CHEAP = KdfCost(memory_kib=64, iterations=1, lanes=1)
PASSPHRASE = "a wet Tuesday in March"
MEMBERS = {
    "patches/000001.png": b"one picture" * 20,
    "patches/000002.png": b"",
    "items.json": b'{"n":2}',
}


@pytest.fixture(scope="session")
def key():
    return SigningKey.generate()


@pytest.fixture
def head():
    return make_head()


def make_head(**changes):
    facts = {
        "kind": PackKind.READING,
        "uuid": "0123456789abcdef" * 2,
        "made_at": 1_700_000_000_000_000,
        "program": "0.1.0",
        "payload": {"protocol": {"independent": True}, "reader": "AO"},
    }
    return PackHead(**(facts | changes))


@pytest.fixture
def new_head():
    return make_head


@pytest.fixture
def write(tmp_path, key):
    """Writes a pack below the test's folder and gives its path."""

    def write(name="test.glompack", members=MEMBERS, head=None, **options):
        path = tmp_path / name
        entries = [Member(member, content) for member, content in members.items()]
        write_pack(path, head or make_head(), entries, key, cost=CHEAP, **options)
        return path

    return write


@pytest.fixture
def members():
    return dict(MEMBERS)


@pytest.fixture
def passphrase():
    return PASSPHRASE


@pytest.fixture
def cheap():
    return CHEAP
