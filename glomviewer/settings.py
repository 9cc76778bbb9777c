"""What a user of this computer has chosen, kept as readable JSON. Nothing about patients."""

from __future__ import annotations

import json
import os
import tempfile
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from glomviewer.paths import config_dir

RECENT_LIBRARIES = 10


@dataclass(frozen=True, slots=True)
class Settings:
    """An empty text means "not chosen". `keys` maps an action's id to a reader's own key;
    `readers` a library's origin to the id of who sat before it last; `views` holds what pages
    remember of themselves, by name."""

    theme: str = "system"
    viewer_background: str = "window"
    thumbnail_size: int = 160
    hide_names: bool = False
    hide_call_until_decided: bool = True
    reader_name: str = ""
    reader_initials: str = ""
    readers: dict[str, int] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    last_library: str = ""
    recent_libraries: list[str] = field(default_factory=list)
    python: str = ""
    device: str = "auto"
    recipe: str = ""
    auto_promote: bool = True
    window: str = ""
    views: dict[str, Any] = field(default_factory=dict)

    def opened(self, folder: Path) -> Settings:
        """With this library as the last one, and first among the recent ones."""
        path = str(folder)
        others = [recent for recent in self.recent_libraries if recent != path]
        recent = [path, *others][:RECENT_LIBRARIES]
        return replace(self, last_library=path, recent_libraries=recent)


class SettingsFile:
    """The settings and where they are kept. `remark` tells the reader what could not be read."""

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or config_dir() / "settings.json"
        self.remark = ""
        self._unknown: dict[str, Any] = {}
        self.values = self._read()

    def change(self, **changes: Any) -> Settings:
        """Set some values and keep them.

        Raises:
            OSError: the file could not be written; the values hold for this session.
        """
        return self.put(replace(self.values, **changes))

    def put(self, values: Settings) -> Settings:
        """Take over all values and keep them; as `change`."""
        if values != self.values:
            self.values = values
            self._write()
        return self.values

    def _read(self) -> Settings:
        try:
            raw = json.loads(self.path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return Settings()
        except OSError as error:
            self.remark = f"Your settings could not be read ({error.strerror}); defaults are used."
            return Settings()
        except ValueError:
            raw = None
        if not isinstance(raw, dict):
            return self._put_aside()
        known = {item.name: item for item in fields(Settings)}
        self._unknown = {key: value for key, value in raw.items() if key not in known}
        default = Settings()
        sound = {key: raw[key] for key in raw if key in known and _fits(raw[key], key, default)}
        unsound = sorted(key for key in raw if key in known and key not in sound)
        if unsound:
            self.remark = f"Some settings were not understood and are reset: {', '.join(unsound)}."
        return replace(default, **sound)

    def _put_aside(self) -> Settings:
        aside = self.path.with_suffix(".damaged.json")
        try:
            os.replace(self.path, aside)  # noqa: PTH105 - replaces an older one on Windows too
        except OSError as error:
            self.remark = f"Your settings are damaged ({error.strerror}); defaults are used."
            return Settings()
        self.remark = f"Your settings were damaged: defaults are used, the old file is {aside}."
        return Settings()

    def _write(self) -> None:
        values = {item.name: getattr(self.values, item.name) for item in fields(Settings)}
        text = json.dumps({**self._unknown, **values}, indent=2, ensure_ascii=False)
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", dir=self.path.parent, suffix=".part", delete=False
        ) as part:
            part.write(text + "\n")
            part.flush()
            os.fsync(part.fileno())
        os.replace(part.name, self.path)  # noqa: PTH105 - atomic, on Windows too


def _fits(value: Any, key: str, default: Settings) -> bool:
    """Whether a value is of the kind of its default, and so are the elements that matter."""
    kind = type(getattr(default, key))
    if type(value) is not kind:
        return False
    if key == "readers":
        return all(type(reader) is int for reader in value.values())
    if key == "keys":
        return all(isinstance(shortcut, str) for shortcut in value.values())
    if key == "recent_libraries":
        return all(isinstance(path, str) for path in value)
    return True
