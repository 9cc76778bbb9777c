"""The grid and the panels by mouse."""

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QMenu

from glomviewer.domain.patch_query import PatchQuery, Queue, SortKey

LEFT = Qt.MouseButton.LeftButton


def centre_of(page, place):
    cell = page.grid.layout_.cell(place)
    top = page.grid.verticalScrollBar().value()
    return QPoint(cell.x + cell.side // 2, cell.y + cell.side // 2 - top)


def click(page, qtbot, place, modifier=Qt.KeyboardModifier.NoModifier):
    qtbot.mouseClick(page.grid.viewport(), LEFT, modifier, centre_of(page, place))


def test_click_ctrl_click_and_shift_click(page, qtbot):
    click(page, qtbot, 2)
    assert page.grid.selected_patches().tolist() == [3]
    click(page, qtbot, 4, Qt.KeyboardModifier.ControlModifier)
    assert page.grid.selected_patches().tolist() == [3, 5]
    click(page, qtbot, 1)
    click(page, qtbot, 3, Qt.KeyboardModifier.ShiftModifier)
    assert page.grid.selected_patches().tolist() == [2, 3, 4]
    assert page.header.count.text() == "3 of 24 patches selected"


def test_a_band_selects_what_it_touches(page, qtbot):
    viewport = page.grid.viewport()
    first, last = centre_of(page, 0), centre_of(page, page.grid.layout_.columns + 1)
    qtbot.mousePress(viewport, LEFT, pos=first)
    for point in ((first + last) / 2, last):
        qtbot.mouseMove(viewport, point)
        QApplication.sendEvent(viewport, _move(viewport, point))
    qtbot.mouseRelease(viewport, LEFT, pos=last)
    columns = page.grid.layout_.columns
    assert page.grid.selected_patches().tolist() == [1, 2, columns + 1, columns + 2]


def test_double_click_opens_one_at_a_time(page, qtbot):
    qtbot.mouseDClick(page.grid.viewport(), LEFT, pos=centre_of(page, 3))
    assert page.is_reading
    assert page.reading.patch == 4


def test_a_queue_is_opened_by_a_click_and_its_count_is_live(page, qtbot):
    queues = page.queues.queues
    qtbot.waitUntil(lambda: queues.model_.rows[2].count == 2)
    rect = queues.row_rect(Queue.MODEL_DISAGREES.value)
    qtbot.mouseClick(queues.viewport(), LEFT, pos=rect.center())
    qtbot.waitUntil(lambda: page.grid.ids.tolist() == [1, 2])
    assert page.header.title.text() == "Model disagrees"
    assert page.listing.query.sort is SortKey.DISAGREEMENT


def test_a_case_narrows_the_list_and_a_second_click_widens_it(page, qtbot):
    cases = page.queues.cases
    qtbot.waitUntil(lambda: len(cases.model_.rows) == 6)
    for expected in ([9, 10, 11, 12], list(range(1, 25))):
        qtbot.mouseClick(cases.viewport(), LEFT, pos=cases.row_rect("case 3").center())
        qtbot.waitUntil(lambda wanted=expected: page.grid.ids.tolist() == wanted)


def test_the_brush_cuts_out_a_range_and_hides_guarded_patches(page, qtbot):
    brush = page.queues.brush
    qtbot.waitUntil(lambda: brush._histogram is not None)
    qtbot.mousePress(brush, LEFT, pos=QPoint(brush.width() // 2, 20))
    qtbot.mouseMove(brush, QPoint(brush.width() - 2, 20))
    QApplication.sendEvent(brush, _move(brush, QPoint(brush.width() - 2, 20)))
    qtbot.mouseRelease(brush, LEFT, pos=QPoint(brush.width() - 2, 20))
    qtbot.waitUntil(lambda: page.listing.query.probability is not None)
    qtbot.waitUntil(lambda: len(page.grid.ids) == 10)
    assert not {9, 10, 11, 12} & set(page.grid.ids.tolist())
    qtbot.mouseDClick(brush, LEFT, pos=QPoint(20, 20))
    qtbot.waitUntil(lambda: len(page.grid.ids) == 24)


def test_a_label_button_decides(page, qtbot, session):
    qtbot.mouseClick(page.panel.buttons.buttons[0], LEFT)
    qtbot.waitUntil(lambda: int(session.table["current"][0]) == 0)
    assert page.grid.current_patch == 2


def test_a_detail_is_said_with_the_label(page, qtbot, session):
    page.decide(0)
    page.grid.go_to(0)
    qtbot.waitUntil(lambda: not page.panel.details.isHidden())
    chip = page.panel.details.findChildren(type(page.header.sort))[0]
    assert chip.text() == "segmental sclerosis"
    qtbot.mouseClick(chip, LEFT)
    qtbot.waitUntil(lambda: not session.saving)
    assert session.library.history(1)[0].detail == "segmental sclerosis"
    assert page.grid.current_patch == 1


def test_the_wheel_zooms_to_the_cursor(page, qtbot):
    canvas = page.panel.canvas
    qtbot.waitUntil(lambda: page.panel.picture.full_shown)
    before = canvas.view.scale
    point = QPointF(canvas.width() / 2, canvas.height() / 2)
    wheel = QWheelEvent(
        point,
        canvas.mapToGlobal(point),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(canvas, wheel)
    assert canvas.view.scale > before
    qtbot.keyClick(page.grid, Qt.Key.Key_Z)
    assert canvas.view.fitted


def test_the_menu_offers_what_can_be_done(page, qtbot):
    page.grid.menu_asked.emit(page.grid.mapToGlobal(QPoint(30, 30)))
    menus = [menu for menu in page.findChildren(QMenu) if menu.isVisible()]
    texts = [action.text().split("\t")[0] for action in menus[0].actions()]
    assert "Flag, or take the flag off" in texts
    menus[0].close()


def test_chips_take_filters_away(page, qtbot):
    page.listing.open(PatchQuery(labels=(1,), missing_only=True))
    qtbot.waitUntil(lambda: len(page.grid.ids) == 0)
    assert page.middle.message.headline.text() == "Nothing matches these filters"
    page.filter_bar.chips[1].click()
    qtbot.waitUntil(lambda: len(page.grid.ids) == 12)
    assert page.middle.shows_content


def _move(widget, point):
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QMouseEvent

    return QMouseEvent(
        QEvent.Type.MouseMove,
        QPointF(point),
        QPointF(widget.mapToGlobal(point)),
        Qt.MouseButton.NoButton,
        LEFT,
        Qt.KeyboardModifier.NoModifier,
    )
