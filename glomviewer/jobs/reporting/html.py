"""The report as one HTML file that needs nothing else, and as the plainer HTML of which the PDF
is set. The same report gives the same bytes."""

from __future__ import annotations

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from glomviewer.domain.report.study import StudyReport
from glomviewer.jobs.reporting.chapters import pages_of
from glomviewer.paths import resources_dir

SCREEN = "report.html.j2"
PRINT = "report_pdf.html.j2"


def render(report: StudyReport) -> str:
    """For a browser: no script, no picture, no address of anything."""
    return _rendered(SCREEN, report)


def render_for_pdf(report: StudyReport) -> str:
    """For Qt's rich text, which knows few styles."""
    return _rendered(PRINT, report)


def _rendered(template: str, report: StudyReport) -> str:
    environment = Environment(
        loader=FileSystemLoader(resources_dir() / "report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template(template).render(pages=pages_of(report))
