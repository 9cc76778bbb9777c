"""Numbers that no table and no float holds are refused in a sentence, like any other nonsense."""

import dataclasses
import json
from typing import cast

import pytest

from glomviewer.domain.labels import LabelSet
from glomviewer.domain.readings.protocol import Protocol
from glomviewer.store.errors import LibraryError
from glomviewer.store.exchange.fields import Fields
from glomviewer.store.exchange.labels import read_labels, read_readings
from glomviewer.store.exchange.model_packs import read_model_payload
from glomviewer.store.exchange.reading_payload import read_payload
from glomviewer.store.packs.errors import PackError
from glomviewer.store.packs.manifest import Manifest, PackKind
from glomviewer.store.packs.opening import Pack

HUGE = 10**400
UUID = "a" * 32
REFUSALS = (PackError, LibraryError)
DEEP = "[" * 100_000 + "]" * 100_000


def reading(**otherwise):
    said = {
        "uuid": UUID,
        "name": "Study",
        "protocol": Protocol().to_json(),
        "created_at": 1,
        "zone": "UTC",
        "closed_at": None,
        "readers": [[UUID, None]],
        "items": [[UUID, UUID, 0, "f" * 64, "", 0, ""]],
    }
    return json.dumps([said | otherwise]).encode()


def payload(**parts):
    said = {
        "home": UUID,
        "clock": 1,
        "heads": [],
        "reading": {
            "uuid": UUID,
            "name": "Study",
            "protocol": Protocol().to_json(),
            "created_at": 1,
            "zone": "UTC",
        },
        "reader": {"uuid": UUID, "name": "Ann", "initials": "A", "passphrase": ""},
        "label_set": LabelSet("none", ()).to_json(),
        "items": 1,
        "secret": "",
    }
    return Manifest(PackKind.READING, UUID, 1, "", said | parts, ())


def test_a_sound_reading_is_read():
    assert len(read_readings(reading(), "a.glomlabels")[0].items) == 1
    assert read_payload(payload(), "a.glompack").items == 1


@pytest.mark.parametrize(
    "otherwise",
    [
        {"readers": [[UUID, 2**63]]},
        {"readers": [[UUID, True]]},
        {"readers": [[UUID, -1]]},
        {"items": [[UUID, UUID, 2**63, "f" * 64, "", 0, ""]]},
        {"items": [[UUID, UUID, 2**32, "f" * 64, "", 0, ""]]},
        {"items": [[UUID, UUID, -1, "f" * 64, "", 0, ""]]},
        {"items": [["not a uuid", UUID, 0, "f" * 64, "", 0, ""]]},
        {"closed_at": HUGE},
        {"protocol": Protocol().to_json().replace("0.05", str(HUGE))},
        {"protocol": Protocol().to_json().replace('"needed": 2', '"needed": Infinity')},
        {"protocol": DEEP[:9_000]},
    ],
)
def test_a_reading_of_such_numbers_is_refused(otherwise):
    with pytest.raises(REFUSALS, match=r"a\.glomlabels"):
        read_readings(reading(**otherwise), "a.glomlabels")


LABEL = (
    '{"name": "x", "labels": [{"code": %s, "name": "x", "target": 1, "shape": "dot", '
    '"colour": "red", "keys": []}]}'
)


@pytest.mark.parametrize(
    "parts",
    [
        {"label_set": LABEL % "Infinity"},
        {"label_set": LABEL % 2**40},
        {"label_set": LABEL % 128},
        {"label_set": DEEP},
    ],
)
def test_a_label_set_of_such_numbers_is_refused(parts):
    with pytest.raises(REFUSALS, match=r"a\.glompack"):
        read_payload(payload(**parts), "a.glompack")
    manifest = payload(library=UUID, decisions=1, **parts)
    with pytest.raises(REFUSALS, match=r"a\.glompack"):
        read_labels(manifest, "a.glompack")


@pytest.mark.parametrize(
    "kept", ["secret", "$argon2id$v=19$m=9999999,t=3,p=4$" + "a" * 22 + "$" + "b" * 43, 7, None]
)
def test_what_is_no_kept_passphrase_is_refused(kept):
    reader = {"uuid": UUID, "name": "Ann", "initials": "A", "passphrase": kept}
    with pytest.raises(REFUSALS, match=r"a\.glompack"):
        read_payload(payload(reader=reader), "a.glompack")


def test_a_pack_of_a_clock_that_leaves_no_room_is_refused():
    with pytest.raises(REFUSALS, match=r"a\.glompack"):
        read_payload(payload(clock=2**32 - 1), "a.glompack")


def test_a_size_that_no_float_can_hold_is_refused():
    with pytest.raises(REFUSALS, match=r"a\.glompack"):
        Fields({"microns": HUGE}, "a.glompack", "item").positive_or_none("microns")


@dataclasses.dataclass
class OnlyManifest:
    manifest: Manifest


def test_a_threshold_that_no_float_can_hold_is_refused():
    said = {"library": UUID, "model": "abcdefgh", "title": "demo", "threshold": HUGE}
    pack = OnlyManifest(Manifest(PackKind.MODEL, UUID, 1, "", said, ()))
    with pytest.raises(REFUSALS, match=r"a\.glommodel"):
        read_model_payload(cast("Pack", pack), "a.glommodel")
