"""A report's values as chapters, in the order in which a monitor asks."""

from __future__ import annotations

from glomviewer.domain.report.study import ReaderPart, StudyReport
from glomviewer.jobs.reporting import agreement_chapters, outcome_chapters, words
from glomviewer.jobs.reporting.pages import Chapter, Grid, Pages, number, text

LEAD = "For review, not for diagnosis"


def title_of(report: StudyReport) -> str:
    return f"Reading report: {report.heading.reading}"


def pages_of(report: StudyReport) -> Pages:
    """The whole report as it is read from top to bottom."""
    return Pages(
        title=title_of(report),
        lead=LEAD,
        facts=_facts(report),
        chapters=(
            _in_short(report),
            _protocol(report),
            _readers(report),
            agreement_chapters.between_readers(report),
            agreement_chapters.with_oneself(report),
            agreement_chapters.with_reference(report),
            outcome_chapters.disputes(report),
            outcome_chapters.reveals(report),
            outcome_chapters.model(report),
            outcome_chapters.cases(report),
            outcome_chapters.sign_offs(report),
            outcome_chapters.log(report),
            Chapter("What this is, and what it is not", report.statement),
        ),
    )


def _facts(report: StudyReport) -> tuple[tuple[str, str], ...]:
    heading = report.heading
    created = words.one_line(heading.created)
    if heading.created_by:
        created = f"{created}, by {heading.created_by}"
    facts = (
        ("Library", heading.library),
        ("Reading made", created),
        ("Reading closed", words.one_line(heading.closed) if heading.closed else "still open"),
        ("Reading's identifier", heading.identifier),
        ("Program", heading.program),
        ("Report made", words.one_line(heading.made)),
    )
    return tuple((name, value) for name, value in facts if value)


def _in_short(report: StudyReport) -> Chapter:
    sample = report.sample
    decided = sum(reader.decided for reader in report.readers)
    items = sum(reader.items for reader in report.readers)
    sentences = [
        f"{words.counted(len(report.readers), 'reader')} decided {words.count(decided)} of "
        f"{words.counted(items, 'item')}: {words.counted(sample.patches, 'patch', 'patches')} of "
        f"{words.counted(sample.cases, 'case')}, and {words.counted(sample.repeats, 'repeat')}."
    ]
    sentences += [
        f"{line.statistic}, {line.between}: {words.spoken(line.figure)}, on "
        f"{words.counted(line.figure.n, 'patch', 'patches')}."
        for line in report.agreement.headline
    ]
    disputes = report.disputes
    standing = [f"{words.count(number)} {text}" for text, number in disputes.states]
    sentences.append(
        f"{words.counted(len(disputes.disputes), 'dispute')}: {words.listed(tuple(standing))}."
    )
    sentences.append(words.moved(report.cases.relabelling))
    sentences.append(_signed(report))
    return Chapter("In short", tuple(sentences))


def _signed(report: StudyReport) -> str:
    if not report.sign_offs:
        return "Nobody has signed this reading off."
    by = words.listed(tuple(f"{one.reader} ({one.meaning})" for one in report.sign_offs))
    late = words.counted(len(report.late_changes), "later change")
    return f"Signed off by {by}; {late}."


def _protocol(report: StudyReport) -> Chapter:
    sample = report.sample
    facts = (
        ("Patches", words.count(sample.patches)),
        ("Cases", words.count(sample.cases)),
        ("Slides", words.count(sample.slides)),
        ("Hidden repeats", words.count(sample.repeats)),
        ("Labels", ", ".join(report.labels)),
        ("Model", _model(report)),
    )
    return Chapter("Protocol and patches", (*report.protocol, *sample.sentences), facts)


def _model(report: StudyReport) -> str:
    part = report.model
    if not part.name:
        return part.reason or words.NOTHING
    return f"{part.name}, version {part.version}, threshold {part.threshold}"


def _readers(report: StudyReport) -> Chapter:
    work = Grid(
        "What they read",
        (
            text("Reader", 26),
            number("Items", 12),
            number("Decided", 12),
            number("Time per patch", 18),
            number("Flags", 12),
            number("Comments", 20),
        ),
        tuple(map(_work, report.readers)),
        note="Items are patches and hidden repeats. Time per patch is the median from one first "
        "call to the next.",
        empty="Nobody has been asked to read.",
    )
    dates = Grid(
        "When they read",
        (
            text("Reader", 26),
            text("First decision", 25),
            text("Last decision", 25),
            text("Finished", 24),
        ),
        tuple(map(_dates, report.readers)),
    )
    counts = Grid(
        "First calls by label",
        (text("Reader", 26), *map(number, report.labels), number("All")),
        tuple(
            (words.reader(one), *map(words.count, one.counts), words.count(sum(one.counts)))
            for one in report.readers
        ),
        note="A first call is a reader's last label before the model's call was shown to him. "
        "Hidden repeats are not counted.",
    )
    return Chapter("Readers", grids=(work, dates, counts) if report.readers else (work,))


def _work(reader: ReaderPart) -> tuple[str, ...]:
    return (
        words.reader(reader),
        words.count(reader.items),
        words.count(reader.decided),
        words.seconds(reader.seconds),
        words.count(reader.flagged),
        words.count(reader.comments),
    )


def _dates(reader: ReaderPart) -> tuple[str, ...]:
    finished = words.moment(reader.finished) if reader.finished else "not finished"
    return words.reader(reader), words.moment(reader.first), words.moment(reader.last), finished
