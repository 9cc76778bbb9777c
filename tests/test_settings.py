import json
from pathlib import Path

from glomviewer.settings import Settings, SettingsFile


def test_what_was_chosen_is_there_again(tmp_path):
    path = tmp_path / "config" / "settings.json"
    SettingsFile(path).change(theme="dark", readers={"origin": 3}, keys={"flag": "K"})
    again = SettingsFile(path)
    assert again.values == Settings(theme="dark", readers={"origin": 3}, keys={"flag": "K"})
    assert not again.remark


def test_settings_of_a_newer_version_are_kept(tmp_path):
    path = tmp_path / "settings.json"
    path.write_text('{"theme": "light", "of the future": [1]}', encoding="utf-8")
    SettingsFile(path).change(thumbnail_size=96)
    kept = json.loads(path.read_text(encoding="utf-8"))
    assert kept["of the future"] == [1]
    assert (kept["theme"], kept["thumbnail_size"]) == ("light", 96)


def test_a_damaged_file_is_put_aside_and_said_so(tmp_path):
    path = tmp_path / "settings.json"
    path.write_text('{"theme": "da', encoding="utf-8")
    file = SettingsFile(path)
    assert file.values == Settings()
    assert "damaged" in file.remark
    assert (tmp_path / "settings.damaged.json").read_text(encoding="utf-8") == '{"theme": "da'
    assert not path.exists()


def test_a_value_of_the_wrong_kind_is_reset_alone(tmp_path):
    path = tmp_path / "settings.json"
    path.write_text(
        '{"theme": "dark", "thumbnail_size": "big", "hide_names": 1, "readers": {"a": "b"}}',
        encoding="utf-8",
    )
    file = SettingsFile(path)
    assert file.values == Settings(theme="dark")
    assert all(name in file.remark for name in ("thumbnail_size", "hide_names", "readers"))


def test_writing_leaves_no_other_file(tmp_path):
    file = SettingsFile(tmp_path / "settings.json")
    file.change(theme="dark")
    file.change(theme="light")
    assert [path.name for path in tmp_path.glob("*.*")] == ["settings.json"]


def test_recent_libraries_are_listed_once_and_newest_first():
    settings = Settings()
    for name in ("a", "b", "a"):
        settings = settings.opened(Path(name))
    assert settings.recent_libraries == ["a", "b"]
    assert settings.last_library == "a"
