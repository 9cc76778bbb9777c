"""Each reader against himself, against the reference label, and against the model."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from PySide6.QtWidgets import QWidget

from glomviewer.domain.agreement.compared import Agreement
from glomviewer.domain.agreement.model import ModelAgreement, reveal_counts
from glomviewer.domain.agreement.ratings import Ids
from glomviewer.domain.agreement.statistic import Measure, Statistic
from glomviewer.jobs.agreement_words import (
    SHORT,
    left_out_of_model,
    model_sentence,
    reference_rule,
    sources_text,
    unjudged_sentence,
)
from glomviewer.jobs.measured_agreement import Measured
from glomviewer.ui.agreement.cells import TableCard, called, share_cell
from glomviewer.ui.agreement.readers_cards import OF_TWO, cells_of_two, headers_of_two
from glomviewer.ui.widgets.cells_table import Cell, CellsTable, Header
from glomviewer.ui.widgets.texts import Secondary

REVEALED = (
    ("changed", "changed", "final call differs from the first, of those whose call was revealed"),
    ("overturned", "right overturned", "right at first and not at last, of those right at first"),
    (
        "overturned_by_wrong",
        "overturned, model wrong",
        "right calls overturned, of those where the model was wrong",
    ),
    ("repaired", "wrong repaired", "wrong at first and right at last, of those wrong at first"),
    (
        "repaired_by_right",
        "repaired, model right",
        "wrong calls repaired, of those where the model was right",
    ),
)
RIGHT = (
    "Right and wrong are by the reference label as no reveal can have touched it, where it is not "
    "the reader's own call alone."
)
REPEATS = "Patches shown twice to the same reader, flipped or turned, without a word about it."
OF_ONESELF = (Measure.RAW, Measure.POSITIVE, Measure.NEGATIVE, Measure.COHEN, Measure.AC1)
"""Repeats are few, and raw agreement is what few of them can tell."""


class OneselfCard(TableCard):
    """Hidden repeats."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Against oneself", parent=parent)

    def show_agreement(self, measured: Measured) -> bool:
        """Whether there is anything to show."""
        rows, figures = [], []
        for one in measured.summary.own:
            for agreement, when in (
                (one.blind, ""),
                (one.after_reveal, ", model's call revealed in between"),
            ):
                if agreement.compared:
                    name = f"{called(one.reader, measured.summary.readers)}{when}"
                    cells = cells_of_two(agreement, f"{name} twice", OF_ONESELF)
                    rows.append([Cell(name, tip=one.reader.name), *cells])
                    figures += _named(name, agreement)
        self.show_rows((Header("reader"), *headers_of_two(OF_ONESELF)), rows, figures, REPEATS)
        return bool(rows)


class ReferenceCard(TableCard):
    """First calls against the reference label."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Against the reference label", parent=parent)

    def show_agreement(self, measured: Measured) -> bool:
        """Whether there is anything to show."""
        rows, figures, told = [], [], []
        for one in measured.summary.reference:
            name = called(one.reader, measured.summary.readers)
            if one.agreement.compared:
                what = f"{name} and the reference label"
                tip = f"{one.reader.name}. The reference labels rest on: {sources_text(one)}."
                rows.append([Cell(name, tip=tip), *cells_of_two(one.agreement, what)])
                figures += _named(name, one.agreement)
                told.append(f"{name}: {sources_text(one)}.")
        remark = " ".join((reference_rule(measured.summary), *told))
        self.show_rows((Header("reader"), *headers_of_two()), rows, figures, remark)
        return bool(rows)


class ModelCard(TableCard):
    """Against the model, before and after the reveal, and what the reveals did."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Against the model", most=15, parent=parent)
        self.model = Secondary()
        self.body.insertWidget(1, self.model)
        self.reveals = CellsTable("What the reveals did", most=10)
        self.what = Secondary()
        self.body.insertWidget(3, self.reveals)
        self.body.insertWidget(4, self.what)
        self.reveals.opened.connect(self.opened)

    def show_agreement(self, measured: Measured) -> bool:
        """Whether there is anything to show."""
        summary = measured.summary
        self.model.say(model_sentence(measured))
        rows, figures, revealed = [], [], []
        for place, one in enumerate(summary.model):
            name = called(one.reader, summary.readers)
            for agreement, when in _stages(one):
                who = f"{name}, {when}"
                cells = cells_of_two(agreement, f"{who}, and {summary.model_title or 'the model'}")
                rows.append([Cell(who, tip=one.reader.name), *cells])
                figures += _named(who, agreement)
            if one.revealed_before.compared:
                revealed.append(_reveal_row(measured, place, one, name))
        self.show_rows(
            (Header("reader"), *headers_of_two()), rows, figures, left_out_of_model(summary)
        )
        self.reveals.setVisible(bool(revealed))
        self.what.setVisible(bool(revealed))
        self.what.say(f"{RIGHT} {unjudged_sentence(summary)}".strip())
        if revealed:
            heads = [Header(text, full) for _, text, full in REVEALED]
            self.reveals.show_rows((Header("reader"), *heads), revealed)
        return bool(rows)


def _stages(one: ModelAgreement) -> Iterator[tuple[Agreement, str]]:
    # Where every call was revealed, all first calls are those before the reveal.
    if one.before.compared > one.revealed_before.compared:
        yield one.before, "all first calls"
    if one.revealed_before.compared:
        yield one.revealed_before, "before the reveal"
        yield one.revealed_after, "after the reveal"


def _reveal_row(measured: Measured, place: int, one: ModelAgreement, name: str) -> list[Cell]:
    row = [Cell(name, tip=one.reader.name)]
    for number, (field, text, _) in enumerate(REVEALED):
        find = partial(_revealed, measured, place, number)
        row.append(share_cell(getattr(one.reveals, field), find, f"{name}: {text}"))
    return row


def _revealed(measured: Measured, reader: int, number: int) -> Ids:
    above = reveal_counts(measured.counted, reader)[number].above
    return measured.counted.table.patches[above > 0]


def _named(name: str, agreement: Agreement) -> list[tuple[str, Statistic]]:
    measures: tuple[Measure, ...] = OF_TWO
    return [(f"{SHORT[measure]} of {name}", agreement[measure]) for measure in measures]
