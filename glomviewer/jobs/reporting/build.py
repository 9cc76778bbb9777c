"""A report from what a library knows."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from glomviewer.domain.agreement.summary import summarise
from glomviewer.domain.labels import LabelSet
from glomviewer.domain.report.rows import ReaderRow
from glomviewer.domain.report.study import (
    Chain,
    Heading,
    ReaderPart,
    SamplePart,
    StudyReport,
)
from glomviewer.jobs.reporting.agreement_part import agreement_part
from glomviewer.jobs.reporting.dispute_parts import dispute_part
from glomviewer.jobs.reporting.material import Choices, Material
from glomviewer.jobs.reporting.model_part import model_part
from glomviewer.jobs.reporting.names import SafeNames
from glomviewer.jobs.reporting.outcome_parts import (
    case_part,
    late_parts,
    reveal_parts,
    sign_off_parts,
    source_lines,
)
from glomviewer.jobs.reporting.watching import NOBODY, Watching

_ORIGIN_LETTERS = 8


def build(material: Material, choices: Choices, watching: Watching = NOBODY) -> StudyReport:
    """The same material and choices give the same report.

    Raises:
        Stopped: nobody wants it any more.
        ValueError: a cut-off is no share.
    """
    names = SafeNames(material.rows.case_numbers)
    labels = material.labels
    cases = case_part(material, choices, names)
    plan = watching.plan(choices.draws, choices.seed, "intervals of agreement")
    summary = summarise(material.table, labels, choices.rule, plan)
    model_plan = watching.plan(choices.draws, choices.seed, "intervals of the model's figures")
    judged = model_part(material.table, labels, material.model, model_plan)
    return StudyReport(
        heading=_heading(material, choices, names),
        protocol=material.protocol,
        sample=_sample(material),
        labels=tuple(label.name for label in labels.labels),
        readers=tuple(_reader(material, one, labels) for one in material.rows.readers),
        agreement=agreement_part(summary, labels, names),
        disputes=dispute_part(material, names),
        reveals=reveal_parts(material, summary),
        model=replace(judged, name=names.title(judged.name, "a model whose name is left out")),
        cases=cases,
        sources=source_lines(material.table),
        sign_offs=sign_off_parts(material, names),
        late_changes=tuple(late_parts(material, names)),
        chains=tuple(map(_chain, material.rows.chains)),
        keys=tuple(
            replace(key, place=names.title(key.place, "left out")) for key in material.rows.keys
        ),
    )


def _heading(material: Material, choices: Choices, names: SafeNames) -> Heading:
    reading = material.rows.reading
    return Heading(
        reading=names.title(reading.name, f"Reading {reading.id}"),
        library=names.title(material.library, "a library whose name is left out"),
        program=material.program,
        made=choices.made,
        created=reading.created,
        created_by=reading.created_by,
        closed=reading.closed,
        identifier=reading.uuid,
    )


def _sample(material: Material) -> SamplePart:
    reading = material.rows.reading
    return SamplePart(
        material.rows.sampling, reading.patches, reading.cases, reading.slides, reading.repeats
    )


def _reader(material: Material, row: ReaderRow, labels: LabelSet) -> ReaderPart:
    columns = [place for place, one in enumerate(material.table.readers) if one.id == row.id]
    first = material.table.first[:, columns]
    counts = tuple(int(np.count_nonzero(first == label.code)) for label in labels.labels)
    return ReaderPart(
        name=row.name,
        initials=row.initials,
        items=row.items,
        decided=row.decided,
        first=row.first,
        last=row.last,
        finished=row.finished,
        seconds=row.seconds,
        counts=counts,
        flagged=row.flagged,
        comments=row.comments,
    )


def _chain(chain: Chain) -> Chain:
    """An origin by the beginning of its name; the hash beside it tells it apart."""
    return replace(chain, origin=chain.origin[:_ORIGIN_LETTERS])
