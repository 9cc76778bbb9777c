"""All readers on each other, two at a time, and label by label."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtWidgets import QWidget

from glomviewer.domain.agreement.compared import Agreement
from glomviewer.domain.agreement.parties import both_called, compared_patches, patches_called
from glomviewer.domain.agreement.ratings import Ids
from glomviewer.domain.agreement.statistic import Measure
from glomviewer.jobs.agreement_words import SHORT, kappa_of
from glomviewer.jobs.measured_agreement import Measured
from glomviewer.ui.agreement.cells import TableCard, called, count_cell, figure_cell
from glomviewer.ui.widgets.cells_table import Cell, Header

OF_TWO = (Measure.COHEN, Measure.AC1, Measure.RAW, Measure.POSITIVE, Measure.NEGATIVE)
DIFFER = Header("differ", "patches on which they differ")
PATCHES = Header("patches", "patches that both called")


class EveryoneCard(TableCard):
    """All readers on each other, one statistic a row."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("All readers", parent=parent)

    def show_agreement(self, measured: Measured) -> None:
        everyone = measured.summary.everyone
        kappa = kappa_of(everyone)
        left_out = Measure.FLEISS if kappa is Measure.COHEN else Measure.COHEN
        find = partial(compared_patches, measured.counted)
        title = "Called by two readers or more"
        wanted = [measure for measure in Measure if measure is not left_out]
        self.show_rows(
            (
                Header("statistic"),
                Header("value (95 % interval)"),
                Header("patches"),
            ),
            [
                [
                    Cell(measure.words),
                    figure_cell(everyone[measure], find, title),
                    count_cell(everyone[measure].n, find, title),
                ]
                for measure in wanted
            ]
            + [[Cell("Readers differ"), Cell(""), _disputed_cell(measured)]],
            [(measure.words, everyone[measure]) for measure in wanted],
            "Positive agreement is that on globally sclerotic, negative that on everything else.",
        )


class PairsCard(TableCard):
    """Two readers at a time, on the patches that both called."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Two readers at a time", most=15, parent=parent)

    def show_agreement(self, measured: Measured) -> None:
        summary = measured.summary
        rows, figures = [], []
        for pair in summary.pairs:
            first, second = (called(one, summary.readers) for one in (pair.first, pair.second))
            name = f"{first} and {second}"
            rows.append([Cell(name, tip=f"{pair.first.name} and {pair.second.name}")])
            rows[-1] += cells_of_two(pair.agreement, name)
            figures += [
                (f"{SHORT[measure]} of {name}", pair.agreement[measure]) for measure in OF_TWO
            ]
        self.show_rows((Header("readers"), *headers_of_two()), rows, figures)


class ClassesCard(TableCard):
    """One label against all others together."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Label by label", parent=parent)

    def show_agreement(self, measured: Measured) -> None:
        everyone = measured.summary.everyone
        names = measured.summary.rule.names
        rows, figures = [], []
        for one in everyone.classes:
            name = names[one.category]
            find = partial(patches_called, measured.counted, one.category)
            title = f"Called {name} by anyone"
            told = {"specific agreement": one.specific, "kappa": one.kappa, "AC1": one.ac1}
            rows.append(
                [
                    Cell(name),
                    count_cell(one.calls, find, title),
                    *(figure_cell(figure, find, title) for figure in told.values()),
                ]
            )
            figures += [(f"{what} on {name}", figure) for what, figure in told.items()]
        kappa = kappa_of(everyone).words
        self.show_rows(
            (
                Header("label, against all others"),
                Header("calls"),
                Header("specific agreement"),
                Header("kappa", kappa),
                Header("AC1"),
            ),
            rows,
            figures,
            f"Kappa is {kappa}.",
        )


def _disputed_cell(measured: Measured) -> Cell:
    disputed = measured.summary.disputed
    return count_cell(len(disputed), lambda: disputed, "Readers differ")


def headers_of_two(measures: Sequence[Measure] = OF_TWO) -> tuple[Header, ...]:
    heads = (Header(SHORT[one], f"{one.words} with its 95 % interval") for one in measures)
    return (PATCHES, DIFFER, *heads)


def cells_of_two(
    agreement: Agreement, name: str, measures: Sequence[Measure] = OF_TWO
) -> list[Cell]:
    """Patches, differences and figures of two that called the same patches."""
    confusion = agreement.confusion
    assert confusion is not None
    both: Callable[[], Ids] = partial(both_called, confusion)
    differ = confusion.disputed
    different = int(confusion.total - confusion.counts.trace())
    return [
        count_cell(agreement.compared, both, f"Called by {name}"),
        count_cell(different, differ, f"Called differently by {name}"),
        *(figure_cell(agreement[measure], both, f"Called by {name}") for measure in measures),
    ]
