import json

from glomviewer.bench.libraries import synthetic_library
from glomviewer.store.library import Library
from glomviewer.store.verify import FileCheck, verify


def test_a_synthetic_library_is_a_sound_one_with_images(output):
    built = synthetic_library(400, output)
    assert verify(built.folder, files=FileCheck.SIZE).problems == []
    with Library.open(built.folder, write=False) as library:
        table = library.load_table(built.reader)
        assert len(table) == 400
        active = library.active_model()
        assert active is not None
        assert library.unpredicted(active.id) == []
        paths = {patch.path for patch in library.patches([1, 2, 33])}
    assert len(paths) == 2, "patches share the pictures of a pool"


def test_it_is_used_again_and_built_anew_for_another_builder(output):
    built = synthetic_library(60, output)
    database = built.folder / "library.sqlite"
    before = database.stat().st_ino, database.stat().st_mtime_ns
    assert synthetic_library(60, output) == built
    assert (database.stat().st_ino, database.stat().st_mtime_ns) == before
    stamp = built.folder / "bench.json"
    facts = json.loads(stamp.read_text())
    stamp.write_text(json.dumps(facts | {"made_by": {"builder": 0}}))
    synthetic_library(60, output)
    assert database.stat().st_mtime_ns != before[1]
