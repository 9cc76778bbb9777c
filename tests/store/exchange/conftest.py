"""A library at home with two readers and a model, and machines of readers to read elsewhere."""

import os
from pathlib import Path

import builders
import pytest
from machines import machine

from glomviewer.domain.readings.protocol import Order, Protocol, Reveal
from glomviewer.store.exchange.opening import open_reading_pack
from glomviewer.store.library import Library
from glomviewer.store.packs.keys import installation_key

ANN, BOB = ("Ann Reader", "AR"), ("Bob Reader", "BR")


class Home:
    """The laboratory's library, and what is done with it on its own machine."""

    def __init__(self, folder, patches=None):
        self.folder = folder
        self.place = Path(os.environ["GLOMVIEWER_HOME"])
        folder.mkdir()
        plans = builders.plans(cases=5, each=2) if patches is None else patches
        self.small = builders.make_library(folder, plans, readers=(ANN, BOB))
        self.library = self.small.library
        self.ann, self.bob = self.small.readers

    def add_model(self, **card):
        logits = {patch: (-1.0) ** patch * (2.0 + patch / 10) for patch in self.small.ids}
        return builders.add_model(self.small, logits, **card)

    def reading(self, name="Sclerosis study", **protocol):
        rules = {"order": Order.SHUFFLED, "repeats": 0.2, "reveal": Reveal.NEVER, "needed": 2}
        changes = self.library.create_reading(
            name=name,
            patches=self.small.ids,
            protocol=Protocol(**(rules | protocol)),
            readers=[self.ann, self.bob],
            by=self.ann,
            seed=7,
        )
        return changes.reading

    def pack(self, reading, reader, name="", **options):
        target = self.folder / (name or f"pack-{reader}.glompack")
        self.library.export_reading_pack(reading=reading, reader=reader, target=target, **options)
        return target

    def merge(self, path, **options):
        return self.library.merge_pack(path, **options)

    @property
    def fingerprint(self):
        with machine(self.place):
            return installation_key().fingerprint

    def labels(self):
        """What everybody says of every patch, in words that every library uses."""
        with self.library.read(unblinded=True) as connection:
            return connection.exec_driver_sql(
                "SELECT f.pixel_hash, r.uuid, c.label, c.call_shown, c.first_label "
                "FROM current_labels c JOIN files f ON f.patch_id = c.patch_id "
                "JOIN readers r ON r.id = c.reader_id ORDER BY 1, 2"
            ).all()

    def acts(self, *, but=("merge",)):
        """The hashes of all acts, but for these kinds."""
        with self.library.read(unblinded=True) as connection:
            rows = connection.exec_driver_sql("SELECT kind, hash FROM journal").all()
        return {hashed for kind, hashed in rows if kind not in but}


class Laptop:
    """A reader's machine."""

    def __init__(self, folder, home):
        self.folder = folder
        self.place = folder / "settings"
        self.home = home
        folder.mkdir()

    @property
    def fingerprint(self):
        with machine(self.place):
            return installation_key().fingerprint

    def open(self, pack, **options):
        """Open the pack's library; the caller closes it."""
        with machine(self.place):
            rules = {"trust": self.home.fingerprint, "folder": self.folder / f"{pack.stem}.glomlib"}
            opened = open_reading_pack(pack, **(rules | options))
            return Library.open(opened.folder, backup=False)

    def read(self, library, labels=None, *, finish=True):
        """Label as many items as there are labels, or all of them by their place."""
        reading = library.readings()[0]
        reader = library.readers()[0].id
        items = library.reading_items(reading.id, reader)
        wanted = [item.place % 2 for item in items] if labels is None else labels
        for item, label in zip(items, wanted, strict=False):
            library.commit_item(reader=reader, item=item.id, label=label)
        if finish:
            library.finish_reading(reading=reading.id, reader=reader)

    def write_return(self, library, name="back.glomreturn", **options):
        with machine(self.place):
            target = self.folder / name
            library.export_return(target=target, **options)
            return target


@pytest.fixture
def lab(tmp_path):
    made = Home(tmp_path / "lab")
    yield made
    made.library.close()


@pytest.fixture
def laptop(tmp_path, lab):
    return Laptop(tmp_path / "laptop", lab)


@pytest.fixture
def other_laptop(tmp_path, lab):
    return Laptop(tmp_path / "other-laptop", lab)
