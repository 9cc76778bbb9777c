"""A pack, as bytes and as the library that is made of it, tells a blinded reader nothing."""

import json
import sqlite3
import zipfile
from contextlib import closing

import builders
import pytest
from telltales import telltales
from two_worlds import steady

from glomviewer.domain.readings.protocol import Order, Reveal
from glomviewer.store import sealed_calls
from glomviewer.store.exchange import names, reading_source
from glomviewer.store.packs import sealing
from glomviewer.store.packs.opening import open_pack

TOKEN = "zebrafinch"
NAMES = (TOKEN, "S23-12345", "Ann Reader", "p1.png", "p2.png", "p3.png")
REVEALS = (Reveal.NEVER, Reveal.AFTER)


def logit(patch):
    return (-1) ** patch * (1.359375 + patch / 64)


def make_telling(lab_type, folder, world=0):
    """A library in which everything that a reader of a pack may not know says so."""
    plans = [
        builders.PatchPlan(
            case=f"{TOKEN} S23-1234{number % 3 + world}",
            slide=f"{TOKEN} slide {number + world}",
            label=(number + world) % 2,
            colour=(40 + 15 * number, 90, 120),
            microns_per_pixel=0.25 + number / 1000 + world / 100,
        )
        for number in range(8)
    ]
    lab = lab_type(folder, plans)
    logits = {patch: logit(patch + world) for patch in lab.small.ids}
    builders.add_model(lab.small, logits, name=f"{TOKEN}-net")
    cid = lab.library.add_reader(f"Cid {TOKEN}", "CS").id
    for number, patch in enumerate(lab.small.ids):
        lab.library.decide(
            reader=cid, patches=[patch], label=(number + world) % 2, comment=f"{TOKEN} for sure"
        )
    return lab


@pytest.fixture
def telling(lab, tmp_path):
    made = make_telling(type(lab), tmp_path / f"{TOKEN} slides")
    yield made
    made.library.close()


def bytes_of(pack):
    """Every member of the file as text, the table of contents among them."""
    with zipfile.ZipFile(pack) as archive:
        return {
            name: archive.read(name).decode("utf-8", "replace") for name in archive.namelist()
        } | {"names": archive.namelist()}


def said_in(pack):
    """What its documents say, as values."""
    with open_pack(pack) as opened:
        return dict(opened.manifest.payload), json.loads(opened.read("items.json"))


def tables_of(folder):
    """Every row of every table, as it is on the disk."""
    with closing(sqlite3.connect(folder / "library.sqlite")) as connection:
        tables = [
            row[0]
            for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        ]
        return {table: connection.execute(f"SELECT * FROM {table}").fetchall() for table in tables}


def files_of(folder):
    return sorted(str(one.relative_to(folder)) for one in folder.rglob("*"))


def numbers():
    """All that would tell a prediction: raw, calibrated and as a probability."""
    raw = [logit(patch) for patch in range(1, 9)]
    return [*raw, *(1 / (1 + 2.718281828459045**-one) for one in raw)]


def found_in(pack, folder):
    """Telltales anywhere in the file or in what was made of it."""
    return (
        telltales(bytes_of(pack), NAMES)
        + telltales(said_in(pack), NAMES, numbers())
        + telltales(tables_of(folder), NAMES, numbers())
        + telltales(files_of(folder), NAMES)
    )


@pytest.mark.parametrize("reveal", REVEALS)
@pytest.mark.parametrize("order", list(Order))
def test_nothing_of_the_library_at_home_is_in_a_blinded_pack(telling, laptop, reveal, order):
    laptop.home = telling
    reading = telling.reading(reveal=reveal, order=order)
    pack = telling.pack(reading, telling.bob)
    with laptop.open(pack) as library:
        assert found_in(pack, library.folder) == []
        table = library.load_table(None)
        assert set(table["imported"].tolist()) == {-1}
        assert library.models() == [] and len(library.readers()) == 1
    content = bytes_of(pack)
    assert ("calls.bin" in content) is (reveal is Reveal.AFTER)
    assert not [name for name, text in content.items() if "repeat_of" in text]
    payload, items = said_in(pack)
    assert {key for item in items for key in item} == {
        "uuid", "pixel_hash", "width", "height", "case", "microns_per_pixel"
    }  # fmt: skip
    assert {item["microns_per_pixel"] for item in items} == {None}
    assert bool(payload["secret"]) is (reveal is Reveal.AFTER)


def test_a_sealed_call_is_there_and_opens_after_the_commit_alone(telling, laptop):
    laptop.home = telling
    pack = telling.pack(telling.reading(reveal=Reveal.AFTER), telling.bob)
    with laptop.open(pack) as library:
        reading, bob = library.readings()[0].id, library.readers()[0].id
        first, second = library.reading_items(reading, bob)[:2]
        assert library.revealed_call(reader=bob, item=first.id) is None
        changes = library.commit_item(reader=bob, item=first.id, label=1)
        call = changes.reveal
        assert call is not None and call.model == f"{TOKEN}-net · 1" and call.threshold == 0.5
        assert library.revealed_call(reader=bob, item=second.id) is None
        assert telltales(tables_of(library.folder), [TOKEN], numbers()) == []
    at_home = telling.library.reading_items(1, telling.bob)[0]
    patch = at_home.patch
    assert call.call == int(logit(patch) >= 0)
    assert min(abs(call.probability - number) for number in numbers()) < 1e-5


def test_a_call_sealed_for_one_item_opens_no_other(telling, laptop):
    laptop.home = telling
    pack = telling.pack(telling.reading(reveal=Reveal.AFTER), telling.bob)
    with open_pack(pack) as opened:
        secret = bytes.fromhex(opened.manifest.payload["secret"])
        items = json.loads(opened.read("items.json"))
        calls = opened.read("calls.bin")
    size = sealing.SEALED_BYTES
    own = sealing.unseal(secret, items[0]["uuid"], calls[:size])
    assert json.loads(own)["model"] == f"{TOKEN}-net · 1"
    with pytest.raises(sealed_calls.UnsoundContent):
        sealing.unseal(secret, items[1]["uuid"], calls[:size])


@pytest.mark.parametrize("order", list(Order))
def test_two_libraries_that_differ_in_what_is_hidden_write_the_same_pack(
    lab, tmp_path, monkeypatch, order
):
    told = []
    for world in (0, 1):
        steady(monkeypatch)
        made = make_telling(type(lab), tmp_path / f"{world}", world)
        pack = made.pack(made.reading(order=order, repeats=0.25), made.bob)
        payload, items = said_in(pack)
        assert all(len(head) == 3 for head in payload.pop("heads"))
        told.append((payload, items))
        made.library.close()
    if order is not Order.BY_CASE:
        assert told[0] == told[1]
    else:
        # Which patches are of one case is what is told, by pseudonyms.
        assert {item["case"].split()[0] for item in told[0][1]} == {"Case"}


def test_a_repeat_breaks_no_row_of_cases(telling):
    reading = telling.reading(order=Order.BY_CASE, repeats=0.5)
    _, items = said_in(telling.pack(reading, telling.bob))
    cases = [item["case"] for item in items]
    runs = [case for place, case in enumerate(cases) if not place or cases[place - 1] != case]
    assert len(items) > 8 and len(runs) == len(set(cases)) == 3


def test_a_repeat_is_not_known_by_its_pixels_in_the_tables(telling, laptop):
    laptop.home = telling
    pack = telling.pack(telling.reading(repeats=0.5), telling.bob)
    with laptop.open(pack) as library:
        rows = tables_of(library.folder)
        assert {row[-1] for row in rows["patches"]} == {None}
        with library.read(unblinded=True) as connection:
            told = connection.exec_driver_sql(
                "SELECT count(repeat_of), count(DISTINCT turn), count(DISTINCT patch_id) "
                "FROM reading_items"
            ).one()
        assert tuple(told) == (0, 1, 12)


def test_an_open_reading_tells_cases_by_pseudonyms_only(telling, laptop):
    laptop.home = telling
    reading = telling.reading(independent=False, order=Order.FIXED, reveal=Reveal.AT_ONCE)
    pack = telling.pack(reading, telling.bob)
    with laptop.open(pack) as library:
        assert found_in(pack, library.folder) == []
        assert {patch.case for patch in library.patches([1, 2, 3])} <= {
            "Case 1",
            "Case 2",
            "Case 3",
        }
        item = library.reading_items(1, 1)[0]
        assert library.revealed_call(reader=1, item=item.id) is not None


def test_what_is_planted_is_found(telling, laptop, monkeypatch):
    laptop.home = telling
    monkeypatch.setattr(reading_source, "tells_cases", lambda _protocol: True)
    monkeypatch.setattr(names, "pseudonyms_of", lambda _c, _k, told: {name: name for name in told})
    pack = telling.pack(telling.reading(), telling.bob)
    with laptop.open(pack) as library:
        found = found_in(pack, library.folder)
    assert any("zebrafinch s23" in one.casefold() for one in found)
    assert len(found) > 6


def test_a_planted_call_is_found(telling, laptop, monkeypatch):
    laptop.home = telling
    monkeypatch.setattr(
        sealing, "seal", lambda _secret, _item, call: call.ljust(sealing.SEALED_BYTES)
    )
    pack = telling.pack(telling.reading(reveal=Reveal.AFTER), telling.bob)
    with laptop.open(pack) as library:
        assert found_in(pack, library.folder)


def test_pseudonyms_are_the_same_in_every_pack_and_their_key_stays_at_home(telling, laptop):
    laptop.home = telling
    reading = telling.reading(order=Order.BY_CASE)
    cases = [
        {item["uuid"]: item["case"] for item in said_in(telling.pack(reading, reader))[1]}
        for reader in (telling.bob, telling.ann)
    ]
    with telling.library.read(unblinded=True) as connection:
        key = dict(
            connection.exec_driver_sql(
                "SELECT pseudonym, name FROM pseudonyms WHERE kind = 'case'"
            ).all()
        )
        told = connection.exec_driver_sql(
            "SELECT i.uuid, c.name FROM reading_items i JOIN patches p ON p.id = i.patch_id "
            "JOIN cases c ON c.id = p.case_id WHERE i.repeat_of IS NULL"
        ).all()
    assert sorted(key) == ["Case 1", "Case 2", "Case 3"]
    assert all(key[(cases[0] | cases[1])[item]] == name for item, name in told)


def test_a_reading_s_name_that_may_be_a_patient_s_is_replaced(telling, laptop):
    laptop.home = telling
    target = telling.folder / "x.glompack"
    reading = telling.reading(name="Review of S23-12345")
    written = telling.library.export_reading_pack(
        reading=reading, reader=telling.bob, target=target
    )
    assert "is called Reading 1 in it" in written.sentence
    with laptop.open(target) as library:
        assert [one.name for one in library.readings()] == ["Reading 1"]
        assert found_in(target, library.folder) == []
