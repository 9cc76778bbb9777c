"""The demo library, without its window."""

import json

import pytest

from glomviewer.__main__ import main
from glomviewer.settings import SettingsFile
from glomviewer.store.demo_library import demo_model_folder
from glomviewer.store.library import Library
from glomviewer.store.verify import FileCheck, verify


@pytest.fixture
def demo(capsys):
    """Run the verb: (exit code, object printed, stderr)."""

    def run(*words):
        code = main(["demo", *map(str, words), "--no-window", "--json"])
        out, err = capsys.readouterr()
        return code, json.loads(out) if out else None, err

    return run


def test_demo_library_is_complete_in_itself_and_made_once(demo, tmp_path):
    folder = tmp_path / "demo.glomlib"
    code, told, _ = demo(folder)
    assert code == 0 and told["made"] and told["patches"] == 300
    report = verify(folder, files=FileCheck.SIZE)
    assert report.problems == [] and report.facts["patches"] == 300
    with Library.open(folder) as library:
        assert library.setting("demo") is True
        assert all(str(folder) in root.path for root in library.roots())
        assert bool(library.models()) == (demo_model_folder() is not None)
        library.add_reader("Ann Reader", "AR")
    assert demo(folder)[1]["made"] is False
    assert demo(folder, "--fresh")[1]["made"] is True
    with Library.open(folder) as library:
        names = [reader.name for reader in library.readers()]
    assert sorted(names) == ["Ada Drawn", "Ben Drawn", "Cleo Drawn", "Demo Reader"]


def test_demo_is_made_for_whoever_uses_this_computer(demo, tmp_path):
    SettingsFile().change(reader_name="Ann Reader", reader_initials="AR")
    demo(tmp_path / "demo.glomlib")
    with Library.open(tmp_path / "demo.glomlib") as library:
        waiting = next(one for one in library.readings() if not one.is_finished)
        assert [one.reader.name for one in waiting.readers] == ["Ann Reader"]


def test_library_that_is_no_demo_is_never_made_anew(demo, tmp_path):
    folder = tmp_path / "mine.glomlib"
    Library.create(folder).close()
    code, out, err = demo(folder, "--fresh")
    assert (code, out) == (2, None) and "no demo library" in err
    assert (folder / "library.sqlite").is_file()


def test_demo_library_goes_where_the_user_s_libraries_are(demo, home):
    folder = home / "data" / "demo.glomlib"
    Library.create(folder).close()
    assert demo()[1] == {
        "library": str(folder),
        "made": False,
        "sentence": f"The demo library is at {folder}.",
    }
