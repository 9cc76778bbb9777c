"""The command line over one library, from making it to verifying it."""

import pytest
from builders import add_model, make_library
from pictures import write_picture

from glomviewer.__main__ import main
from glomviewer.store.library import Library
from glomviewer.verbs import VERBS


@pytest.fixture
def source(tmp_path):
    folder = tmp_path / "source"
    for at in range(4):
        write_picture(folder / ("GS" if at % 2 else "nonGS") / f"S{at // 2}-{at}.png", at)
    return folder


@pytest.fixture
def made(tmp_path, shell, source):
    """A library of four patches."""
    folder = tmp_path / "a.glomlib"
    assert shell("new", folder)[0] == 0
    assert shell("import", folder, source)[0] == 0
    return folder


def test_import_tells_what_it_did(tmp_path, shell, source):
    folder = tmp_path / "a.glomlib"
    shell("new", folder)
    code, told, _ = shell("import", folder, source)
    assert code == 0 and told["added"] == 4
    assert told["per_label"] == {"globally sclerotic": 2, "not globally sclerotic": 2}
    assert shell("import", folder, source)[1]["known"] == 4


def test_dry_run_shows_and_writes_nothing(tmp_path, shell, source):
    folder = tmp_path / "a.glomlib"
    shell("new", folder)
    before = (folder / "library.sqlite").read_bytes()
    code, told, _ = shell("import", folder, source, "--dry-run")
    assert code == 0 and told["patches"] == 4 and told["slides"] == 2
    assert (folder / "library.sqlite").read_bytes() == before
    assert list((folder / "backups").iterdir()) == []


def test_import_takes_choices(tmp_path, shell, source, capsys):
    folder = tmp_path / "a.glomlib"
    shell("new", folder)
    (source / "odd").mkdir()
    write_picture(source / "odd" / "x.png", 9)
    (source / "broken.png").write_bytes(b"")
    listed = tmp_path / "left out.csv"
    code, told, _ = shell(
        *("import", folder, source, "--label", "odd=cannot tell", "--pattern", r"(?P<case>S\d)"),
        *("--findings", listed, "--shares", 50, 25, 25, 0, "--copy-in"),
    )
    assert code == 0 and told["per_label"]["cannot tell"] == 1
    assert "broken.png,unreadable,empty file" in listed.read_text(encoding="utf-8")
    with Library.open(folder, write=False) as library:
        assert library.patch(1).case in ("S0", "S1")
        assert str(folder) in library.patch(1).path


@pytest.mark.parametrize(
    "words",
    [
        ("--pattern", "("),
        ("--pattern", "99"),
        ("--name-column", "nobody"),
        ("--label", "nonsense"),
        ("--label", "x=nonsense"),
        ("--shares", 0, 0, 0, 0),
        ("--table", "nowhere.csv"),
    ],
)
def test_bad_choices_are_one_sentence(made, shell, source, words):
    code, out, err = shell("import", made, source, *words)
    assert (code, out) == (2, None)
    assert err.startswith("error: ") and len(err.strip().splitlines()) == 1


def test_reader_labels_undoes_and_redoes(made, shell):
    assert shell("decide", made, "--new-reader", "Ann Reader", "AR")[0] == 0
    code, told, _ = shell(
        "decide", made, "--reader", "ar", "--label", "cannot tell", "--patches", 1, 2
    )
    assert code == 0 and told["changed"] and told["patches"] == [1, 2]
    shell("decide", made, "--reader", "Ann Reader", "--undo")
    with Library.open(made, write=False) as library:
        assert library.patch(1).reference_label in (0, 1)
    shell("decide", made, "--reader", "AR", "--redo")
    with Library.open(made, write=False) as library:
        assert library.patch(1).reference_label == 2
        assert not library.history(1)[0].on_screen


def test_reader_labels_by_names_and_by_table(made, shell, tmp_path):
    shell("decide", made, "--new-reader", "Ann Reader", "AR")
    assert shell("decide", made, "--label", "1", "--names", "S0-0", "S1-2.png")[0] == 0
    table = tmp_path / "t.csv"
    table.write_text("name;label\nS0-1;0\nS1-3;not a glomerulus\nS0-0;\n")
    assert shell("decide", made, "--from", table)[1]["changed"]
    with Library.open(made, write=False) as library:
        names = library.patches([1, 2, 3, 4])
    assert {p.name: p.reference_label for p in names} == {
        "S0-0.png": 1,
        "S0-1.png": 0,
        "S1-2.png": 1,
        "S1-3.png": 3,
    }


@pytest.mark.parametrize(
    "words",
    [
        ("--label", "7", "--patches", "1"),
        ("--label", "1"),
        ("--label", "1", "--patches", "99"),
        ("--label", "1", "--names", "nobody.png"),
        ("--reader", "Nobody", "--label", "1", "--patches", "1"),
        ("--undo",),
    ],
)
def test_bad_decisions_are_one_sentence(made, shell, words):
    shell("decide", made, "--new-reader", "Ann Reader", "AR")
    code, out, err = shell("decide", made, *words)
    assert (code, out) == (2, None)
    assert err.startswith("error: ") and "Traceback" not in err


def test_whole_case_is_excluded_and_taken_back(tmp_path, shell):
    small = make_library(tmp_path)
    small.library.close()
    folder = small.library.folder
    shell("decide", folder, "--exclude", "consent withdrawn", "--case", "case 1")
    with Library.open(folder, write=False) as library:
        assert library.patch(1).exclusion_reason == "consent withdrawn"
    shell("decide", folder, "--include", "--case", "case 1")
    with Library.open(folder, write=False) as library:
        assert not library.patch(1).excluded


def test_backup_restore_and_verify(made, shell):
    shell("decide", made, "--new-reader", "Ann Reader", "AR")
    assert shell("backup", made, "--reason", "before trying")[0] == 0
    shell("decide", made, "--label", "2", "--patches", 1)
    assert shell("backup", made, "--list")[1]["backups"][0]["reason"] == "before trying"
    assert shell("restore", made)[0] == 0
    code, told, _ = shell("verify", made, "--hashes")
    assert code == 0 and told["sound"] and told["facts"]["decisions"] == 0


def test_verify_says_1_where_something_is_wrong(made, shell, source):
    (source / "GS" / "S0-1.png").unlink()
    assert shell("verify", made)[0] == 0
    code, told, _ = shell("verify", made, "--files")
    assert code == 1 and "1 of 4 image files are missing" in told["problems"][0]


def test_models_are_listed_moved_renamed_promoted_and_removed(tmp_path, shell):
    small = make_library(tmp_path)
    first = add_model(small, {1: 1.0}, name="swin")
    second = add_model(small, {1: 2.0}, name="swin", version=2)
    third = add_model(small, {1: 3.0}, name="swin", version=3)
    small.library.close()
    folder = small.library.folder
    listed = shell("models", folder)[1]["models"]
    assert [m["id"] for m in listed if m["active"]] == [first]
    assert (
        shell("models", folder, "--threshold", "swin 2", "0.9985", "--reason", "external")[0] == 0
    )
    assert shell("models", folder, "--rename", second[:6], "other")[0] == 0
    code, _, err = shell("promote", folder, "other 2")
    assert code == 2 and "overrule" in err
    words = ("--overrule", "--reason", "external study")
    assert shell("promote", folder, "other 2", *words)[1]["active"] == second
    assert shell("promote", folder, "--back")[1]["active"] == first
    assert shell("models", folder, "--remove", third)[0] == 0
    assert shell("models", folder, "--remove", first)[0] == 2
    code, _, err = shell("models", folder, "--remove", second)
    assert code == 2 and "has been the active model" in err


def test_predict_without_weights_or_model_is_one_sentence(made, shell, tmp_path):
    code, _, err = shell("predict", made)
    assert code == 2 and "no active model" in err
    table = tmp_path / "output.csv"
    table.write_text("name,predicted_class\nS0-0,1\n")
    model = shell("import", made, table)[1]["model"]
    code, _, err = shell("predict", made, "--model", model)
    assert code == 2 and "no weights" in err


def test_export_in_every_form(made, shell, tmp_path):
    assert shell("export", made, tmp_path / "l.csv", "--columns")[1]["patches"] == 4
    assert (tmp_path / "l.csv").read_text().splitlines()[0] == "name,ground truth"
    assert shell("export", made, tmp_path / "f", "--as", "folders")[1]["patches"] == 4
    assert shell("export", made, tmp_path / "m.csv", "--as", "manifest")[0] == 0
    assert (tmp_path / "m.csv").read_text().startswith("patch,path,hash,group,split,label,gate")
    code, _, err = shell("export", made, tmp_path / "f", "--as", "folders")
    assert code == 2 and "already" in err


@pytest.mark.parametrize(
    "words",
    [
        ("import", "{}", "nowhere"),
        ("decide", "{}", "--label", "1", "--patches", "1"),
        ("predict", "{}"),
        ("retrain", "{}"),
        ("models", "{}", "--rename", "x", "y"),
        ("promote", "{}", "--back"),
        ("backup", "{}"),
        ("restore", "{}"),
    ],
)
def test_writing_to_a_library_that_is_held_says_who_has_it(made, shell, source, words):
    with Library.open(made) as holder:
        assert not holder.read_only
        filled = [str(made) if word == "{}" else word for word in words]
        code, out, err = shell(*(str(source) if word == "nowhere" else word for word in filled))
    assert (code, out) == (2, None)
    assert "process" in err and len(err.strip().splitlines()) == 1


def test_reading_from_a_library_that_is_held_works(made, shell, tmp_path):
    with Library.open(made):
        assert shell("models", made)[0] == 0
        assert shell("verify", made)[0] == 0
        assert shell("backup", made, "--list")[0] == 0
        assert shell("export", made, tmp_path / "l.csv")[0] == 0


WITHOUT_LIBRARY = {"bench", "demo", "self-test", "new", "pack key"}


@pytest.mark.parametrize("verb", sorted(set(VERBS) - WITHOUT_LIBRARY))
def test_folder_that_is_no_library_is_one_sentence(verb, tmp_path, shell, source):
    rest = {
        "import": [source],
        "decide": ["--undo"],
        "promote": ["--back"],
        "export": [tmp_path / "x.csv"],
        "signoff": ["first"],
        "report": ["--out", tmp_path / "out"],
        "pack merge": [tmp_path / "x.glomreturn"],
    }
    code, out, err = shell(verb, tmp_path, *rest.get(verb, []))
    assert (code, out) == (2, None)
    assert err.startswith("error: ") and len(err.strip().splitlines()) == 1


def test_self_test_works(shell):
    code, told, _ = shell("self-test")
    assert code == 0 and told["works"] and "verify" in told["steps"]


def test_unknown_verb_names_the_help(capsys):
    assert main(["nonsense"]) == 2
    assert "--help" in capsys.readouterr().err


def test_help_lists_every_verb(capsys):
    assert main(["--help"]) == 0
    out = capsys.readouterr().out
    assert all(verb in out for verb in VERBS)


@pytest.mark.parametrize("verb", sorted(set(VERBS)))
def test_every_verb_explains_itself(verb, capsys):
    with pytest.raises(SystemExit) as ended:
        main([verb, "--help"])
    assert ended.value.code == 0 and "--json" in capsys.readouterr().out


def test_a_model_is_exported_with_its_card_or_the_card_alone(tmp_path, shell):
    small = make_library(tmp_path, image_files=False)
    add_model(small, {1: 1.0}, name="swin")
    small.library.close()
    folder, out = small.library.folder, tmp_path / "out"
    code, told, _ = shell("models", folder, "--export", "swin 1", out)
    assert code == 0 and told["folder"] == str(out / "swin-1")
    assert (out / "swin-1" / "model.json").is_file()
    code, told, _ = shell("models", folder, "--card", "swin 1", tmp_path / "card")
    assert code == 0 and told["folder"] is None
    assert (tmp_path / "card" / "swin-1.md").read_bytes() == (out / "swin-1.md").read_bytes()
    code, _, err = shell("models", folder, "--export", "swin 1", out)
    assert code == 2 and "already; choose another folder" in err
