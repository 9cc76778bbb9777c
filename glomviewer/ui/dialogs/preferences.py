"""What a person chooses on this computer: look, keys, thumbnails and how models run."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QFileDialog, QPushButton, QSpinBox, QWidget

from glomviewer.settings import SettingsFile
from glomviewer.ui.actions import Actions
from glomviewer.ui.dialogs.fields import Fields, line
from glomviewer.ui.dialogs.form import FormDialog
from glomviewer.ui.dialogs.keys_table import KeysTable
from glomviewer.ui.theme import Theme, ThemeMode
from glomviewer.ui.widgets.card import row
from glomviewer.ui.widgets.chooser import Chooser
from glomviewer.ui.widgets.tabs import Tabs
from glomviewer.ui.widgets.texts import Secondary
from glomviewer.ui.widgets.ticks import TickBox

BACKGROUNDS = (
    ("window", "as the window"),
    ("black", "black"),
    ("grey", "mid grey"),
    ("white", "white"),
)
THEMES = (
    (ThemeMode.SYSTEM, "as the system"),
    (ThemeMode.DARK, "dark"),
    (ThemeMode.LIGHT, "light"),
)


class PreferencesDialog(FormDialog):
    """Every change holds at once and is kept; there is nothing to confirm."""

    def __init__(
        self,
        theme: Theme,
        actions: Actions,
        settings: SettingsFile,
        parent: QWidget | None = None,
        *,
        changed: Callable[[], None] | None = None,
    ) -> None:
        super().__init__(title="Preferences", verb="Close", width=640, cancel=False, parent=parent)
        self._theme, self._settings = theme, settings
        self._changed = changed
        values = settings.values
        self.theme = _chooser("Theme", [(str(mode), text) for mode, text in THEMES], values.theme)
        self.background = _chooser("Behind an image", BACKGROUNDS, values.viewer_background)
        self.thumbnails = QSpinBox()
        self.thumbnails.setFixedSize(96, 30)
        self.thumbnails.setRange(64, 512)
        self.thumbnails.setSingleStep(16)
        self.thumbnails.setSuffix(" px")
        self.thumbnails.setValue(values.thumbnail_size)
        self.hide_names = _check("Hide names of patches", values.hide_names)
        self.hide_calls = _check(
            "Hide the call until I have decided, one at a time", values.hide_call_until_decided
        )
        self.auto_promote = _check(
            "Promote by itself what the gate finds better or not worse", values.auto_promote
        )
        self.python = line("this Python")
        self.python.setText(values.python)
        self.browse = QPushButton("Choose…")
        self.browse.setAutoDefault(False)
        self.keys = KeysTable(actions)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        self.tabs = Tabs("Preferences")
        look = Fields()
        look.add("Theme", self.theme)
        look.add("Behind an image", self.background)
        look.add("Thumbnails", self.thumbnails)
        look.add_line(self.hide_names)
        look.add_line(self.hide_calls)
        self.tabs.add("Look", _tab(look))
        self.tabs.add("Keys", self.keys)
        models = Fields()
        models.add("Python for models", _holder(self.python, self.browse), stretch=True)
        models.add_line(
            Secondary(
                "Predicting and training run in a process of their own. Choose another Python "
                "where that one has torch, for example one with CUDA."
            )
        )
        models.add_line(self.auto_promote)
        models.add_line(
            Secondary(
                "With cannot tell or worse the active model always stays, until a reader overrules "
                "it with a reason."
            )
        )
        self.tabs.add("Models", _tab(models))
        self.tabs.setMinimumHeight(440)
        self.add(self.tabs)

    def _connect(self) -> None:
        self.theme.currentIndexChanged.connect(self._on_theme_chosen)
        self.background.currentIndexChanged.connect(
            lambda: self._keep(viewer_background=self.background.currentData())
        )
        self.thumbnails.valueChanged.connect(lambda size: self._keep(thumbnail_size=size))
        self.hide_names.toggled.connect(lambda on: self._keep(hide_names=on))
        self.hide_calls.toggled.connect(lambda on: self._keep(hide_call_until_decided=on))
        self.auto_promote.toggled.connect(lambda on: self._keep(auto_promote=on))
        self.python.editingFinished.connect(lambda: self._keep(python=self.python.text().strip()))
        self.browse.clicked.connect(self._choose_python)

    def _on_theme_chosen(self) -> None:
        mode = ThemeMode(self.theme.currentData())
        self._theme.set_mode(mode)
        self._keep(theme=str(mode))

    def _choose_python(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(self, "The Python that runs models")
        if chosen:
            self.python.setText(chosen)
            self._keep(python=chosen)

    def _keep(self, **values: object) -> None:
        try:
            self._settings.change(**values)
        except OSError as error:
            self.trouble.say(
                f"This holds until the window is closed: the settings could not be written "
                f"({error.strerror})."
            )
        if self._changed is not None:
            self._changed()


def _chooser(name: str, entries: Sequence[tuple[str, str]], chosen: str) -> Chooser:
    chooser = Chooser(name)
    for data, text in entries:
        chooser.addItem(text, data)
    chooser.choose(chosen)
    return chooser


def _check(text: str, on: bool) -> TickBox:
    box = TickBox(text)
    box.setChecked(on)
    return box


def _tab(fields: Fields) -> QWidget:
    page = QWidget()
    fields.setContentsMargins(0, 16, 0, 0)
    fields.setRowStretch(fields.rowCount(), 1)
    page.setLayout(fields)
    return page


def _holder(*widgets: QWidget) -> QWidget:
    holder = QWidget()
    layout = row()
    for widget in widgets:
        layout.addWidget(widget)
    holder.setLayout(layout)
    return holder
