import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
from PIL import Image

ICONS = Path(__file__).parents[2] / "resources" / "icons"
ACTIONS = [
    "review",
    "cases",
    "models",
    "library",
    "grid",
    "single",
    "zoom-in",
    "zoom-out",
    "fit",
    "same-scale",
    "flag",
    "comment",
    "undo",
    "redo",
    "search",
    "filter",
    "sort",
    "import",
    "export",
    "add",
    "promote",
    "roll-back",
    "train",
    "stop",
    "settings",
    "reader",
    "keyboard",
    "eye",
    "eye-off",
    "backup",
    "restore",
    "folder",
    "warning",
    "info",
    "check",
    "close",
    "chevron-left",
    "chevron-right",
    "chevron-down",
    "brightness",
    "contrast",
    "history",
    "exclude",
    "refresh",
    "palette",
]
SHAPES = [
    "label-triangle",
    "label-triangle-outline",
    "label-circle",
    "label-circle-outline",
    "label-question",
    "label-question-outline",
    "label-cross",
    "label-cross-outline",
    "label-diamond",
]


@pytest.mark.parametrize("name", ACTIONS + SHAPES)
def test_an_icon_lies_on_the_grid_and_can_be_tinted(name):
    root = ElementTree.parse(ICONS / f"{name}.svg").getroot()
    assert root.get("viewBox") == "0 0 24 24"
    assert root.get("stroke") == "currentColor"
    colours = {part.get(key) for part in root.iter() for key in ("fill", "stroke")}
    assert colours <= {None, "none", "currentColor"}


@pytest.mark.parametrize("name", ACTIONS)
def test_all_actions_have_one_stroke_width(name):
    root = ElementTree.parse(ICONS / f"{name}.svg").getroot()
    widths = {part.get("stroke-width") for part in root.iter()} - {None}
    assert widths == {"1.75"}


@pytest.mark.parametrize("size", [16, 24, 32, 48, 64, 128, 256, 512])
def test_the_mark_is_there_in_every_size(size):
    with Image.open(ICONS / f"glomviewer-{size}.png") as picture:
        assert picture.size == (size, size)
        alpha = picture.convert("RGBA").getchannel("A")
        assert alpha.getpixel((0, 0)) == 0
        assert alpha.getpixel((size // 2, size // 2)) == 255


def test_the_windows_icon_holds_the_sizes_that_windows_asks_for():
    with Image.open(ICONS / "glomviewer.ico") as picture:
        held = picture.info["sizes"]
    assert {(16, 16), (32, 32), (48, 48), (256, 256)} <= held
