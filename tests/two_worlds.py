"""Two libraries that differ in nothing but what a blinded reader may not know.

Ann reads patches 1 to 8 independently, and patch 13 shows the pixels of patch 2; 9 to 12 are for
everybody. What she may not know names, labels, flags and predicts differently in each world: where
an answer to her differs between the two, it tells her something.
"""

import itertools
import re
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from builders import make_model_folder

from glomviewer.domain.disputes.records import Referral
from glomviewer.domain.labels import Label, LabelSet, Split
from glomviewer.domain.patch_query import PatchQuery
from glomviewer.domain.readings.protocol import Protocol, Reveal
from glomviewer.domain.readings.records import Meaning
from glomviewer.domain.splits import Shares
from glomviewer.store import clock, roots
from glomviewer.store.adding import NewPatch
from glomviewer.store.installation import installation_id
from glomviewer.store.library import Library

HIDDEN = tuple(range(1, 9))
OPEN = tuple(range(9, 13))
COPY = 13
NEVER_SHOWN = Protocol(repeats=0.25, reveal=Reveal.NEVER, needed=2)

_KINDS = ("imported", "other reader", "adjudicated", "own before", "disputing")
_CODES = {(kind, world): 101 + 2 * n + world for n, kind in enumerate(_KINDS) for world in (0, 1)}
_PLAIN = ((1, "sclerotic", 1), (0, "not sclerotic", 0), (2, "cannot tell", None))
_HASH = re.compile(r"[0-9a-f]{32}(?:[0-9a-f]{32})?")
"""Random names, and chains of the log, which tell nothing of what they were made of."""


def labels():
    told = [Label(code, name, name, target, "dot", "", "", (), ()) for code, name, target in _PLAIN]
    other = [Label(c, f"label {c}", str(c), None, "dot", "", "", (), ()) for c in _CODES.values()]
    return LabelSet("worlds", (*told, *other))


@dataclass
class World:
    library: Library
    number: int
    reading: int
    ann: int
    bob: int
    cara: int
    model: str
    folder: Path

    @property
    def texts(self):
        """What tells something wherever it occurs."""
        return (token(self.number),)

    @property
    def numbers(self):
        codes = [code for (_, world), code in _CODES.items() if world == self.number]
        return (*codes, *(logit(self.number, patch) for patch in (*HIDDEN, COPY)))

    def plain(self, leaf):
        """A leaf without what differs between any two libraries."""
        if not isinstance(leaf, str):
            return leaf
        return _HASH.sub("(hash)", leaf.replace(str(self.folder), "(folder)"))


def token(world):
    return ("sclerosed", "unscathed")[world]


def code(kind, world):
    return _CODES[kind, world]


def logit(world, patch):
    return (1.0 if (patch + world) % 2 else -1.0) * (1.359375 + world / 4 + patch / 64)


def steady(monkeypatch):
    """Have uuids and moments come in the same order in each world; to be called before each."""
    installation_id()
    numbers = itertools.count(1)
    moments = itertools.count(1_780_000_000_000_000, 1_000_000)

    def uuid4():
        number = next(numbers)
        return uuid.UUID(int=(number * 0x9E3779B97F4A7C15F39CC0605CEDC835) % 2**128, version=4)

    monkeypatch.setattr(uuid, "uuid4", uuid4)
    monkeypatch.setattr(clock, "now", lambda: next(moments))


def make_world(folder, number, *, protocol=NEVER_SHOWN):
    """A library in which Ann has read three of eight patches, and everybody else all."""
    library = Library.create(folder / "world.glomlib", label_set=labels())
    _add_patches(library, folder, number)
    ann = library.add_reader("Ann Other", "AO").id
    bob = library.add_reader("Bob Else", "BE").id
    cara = library.add_reader("Cara More", "CM").id
    dan = library.add_reader("Dan Last", "DL").id
    model = _add_model(library, folder, number)
    before = HIDDEN[::-1] if number else HIDDEN
    library.decide(reader=ann, patches=before, label=code("own before", number), comment="mine")
    library.decide(reader=ann, patches=before, label=0, call_shown=True, model=model)
    made = library.create_reading(
        name="blind", patches=HIDDEN, protocol=protocol, readers=[ann, bob], by=cara, seed=5
    )
    assert made.reading is not None
    world = World(library, number, made.reading, ann, bob, cara, model, folder)
    _read(world)
    library.create_reading(
        name="disputed",
        patches=HIDDEN[3 * number : 3 * number + 3],
        protocol=protocol,
        readers=[bob, dan],
        seed=6,
    )
    _say_more(world)
    _insert_rows(world)
    library.viewer = ann
    return world


def _add_patches(library, folder, number):
    secret = token(number)

    def patch(n, *, told):
        name = f"open {n}.png" if told else f"{secret} {n}.png"
        group = n // 3 if number else n % 3
        pixels = 2 + number if n == COPY else n
        return NewPatch(
            path=name if told else f"{secret}/{name}",
            name=name,
            sha256=f"bytes {n}" if told else f"{secret} bytes {n}",
            pixel_hash=f"pixels {n}" if told else f"{secret} pixels {pixels}",
            width=300 + n,
            height=311,
            bytes=1000 + n if told else 7000 + 100 * number + n,
            modified_ns=n if told else 8000 + 100 * number + n,
            slide="open slide" if told else f"{secret} slide {group}",
            case="open case" if told else f"{secret} case {group}",
            imported_label=n % 2 if told else code("imported", number),
            split=Split.NONE if number and not told else Split.TRAIN,
        )

    secret_root, open_root = folder / f"{secret} slides", folder / "open slides"
    with library.write() as connection:
        for root in (secret_root, open_root):
            roots.add_root(connection, root, library=library.folder)
    for n in (*HIDDEN, *OPEN, COPY):
        clock.now()
        told = n in OPEN
        inside = told or n in (8 - number, COPY)
        if number and not told:
            clock.now()
        library.add_patches([patch(n, told=told)], root=open_root if inside else secret_root)
        if not number and not told:
            clock.now()
    # Which split a case falls into is for everybody to know.
    library.assign_splits(Shares(1, 0, 0))


def _add_model(library, folder, number):
    made = make_model_folder(folder / "model", model_id="m" * 16, seen=[f"{9:064x}"])
    target = library.paths.model("m" * 16)
    target.parent.mkdir(parents=True, exist_ok=True)
    made.rename(target)
    card = {"id": "m" * 16, "name": "demo", "version": 1, "threshold": {"logit": 0.0}}
    library.add_model(target, card)
    rows = [(n, logit(number, n), "") for n in (*HIDDEN[:-1], COPY)]
    rows += [(n, 0.5, "") for n in OPEN]
    rows.append((HIDDEN[-1], None, f"{token(number)} 8.png is damaged"))
    library.store_predictions("m" * 16, rows, {n: logit(number, n) for n in (1, 2)})
    return "m" * 16


def _read(world):
    library, secret = world.library, token(world.number)
    for item in library.reading_items(world.reading, world.ann)[:3]:
        library.commit_item(reader=world.ann, item=item.id, label=1, flagged=True)
    flagged = {1 + world.number, 4 + world.number, 7 + world.number}
    done = set()
    for item in library.reading_items(world.reading, world.bob):
        kind = "other reader" if (item.patch + world.number) % 2 else "disputing"
        again = item.patch in done
        library.commit_item(
            reader=world.bob,
            item=item.id,
            label=code(kind, world.number),
            comment=f"looks {secret}",
            flagged=True if item.patch in flagged and not again else None,
        )
        done.add(item.patch)
    library.finish_reading(reading=world.reading, reader=world.bob)
    library.sign_off(
        reading=world.reading, reader=world.bob, meaning=Meaning.READ, note=f"all {secret}"
    )


def _say_more(world):
    library, number, secret, cara = world.library, world.number, token(world.number), world.cara
    first = library.reading_items(world.reading, world.ann)[number].patch
    library.refer(
        reader=cara,
        patches=[first],
        to=(Referral.READING, Referral.CONSENSUS)[number],
        reason=f"is it {secret}?",
    )
    left = [patch for patch in HIDDEN if patch != first]
    library.adjudicate(
        reader=cara,
        patch=left[number],
        label=code("adjudicated", number),
        reason=secret,
        call_shown=False,
    )
    library.exclude(reader=cara, patches=[left[2 + number]], reason=f"{secret} capsule")
    library.comment(reader=cara, patch=left[4 + number], text=f"{secret} again")
    library.decide(reader=cara, patches=[left[5 + number]], label=code("other reader", number))
    library.flag(reader=cara, patches=[COPY])
    library.mark_seen(reader=world.bob, patches=[1 + number])
    library.decide(reader=cara, patches=[9], label=1, comment="open to all")
    library.save_filter(f"{secret} ones", PatchQuery(ids=(1 + number, 3, 9), text=secret))
    library.save_filter("flagged", PatchQuery())
    library.add_run("run", recipe="head")
    library.update_run(
        "run",
        state="failed",
        finished=datetime(2026, 1, 2, tzinfo=UTC),
        message=f"{secret} 3.png can't be read",
    )


def _insert_rows(world):
    """What other parts of the program keep."""
    secret = token(world.number)
    with world.library.write() as connection:
        for sql, values in (
            ("INSERT INTO pseudonyms (kind, name, pseudonym) VALUES ('case', ?, 'C-1')", (secret,)),
            ("INSERT INTO unplaced (batch_id, sequence, row) VALUES (1, 999, ?)", (secret,)),
            ("INSERT INTO settings (key, value) VALUES ('sealed calls of x', ?)", (secret,)),
            (
                "INSERT INTO packs (uuid, kind, reader_id, fingerprint, note, made_at) "
                "VALUES ('p', 'return', ?, '', ?, 1)",
                (world.bob, secret),
            ),
            (
                "INSERT INTO sealed_calls (item_id, sealed) SELECT min(id), ? FROM reading_items "
                "WHERE reader_id = ?",
                (secret, world.ann),
            ),
            (
                "INSERT INTO made_knowing (decision_id) SELECT min(id) FROM decisions "
                "WHERE patch_id = ?",
                (HIDDEN[world.number],),
            ),
        ):
            connection.exec_driver_sql(sql, values)
