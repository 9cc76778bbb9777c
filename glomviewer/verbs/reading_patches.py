"""Which patches a new reading is made of, as they are named in a shell."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from glomviewer.domain.disputes.records import DisputeState
from glomviewer.domain.patch_query import PatchQuery, Queue
from glomviewer.jobs.table_questions import TableQuestions
from glomviewer.store.library import Library
from glomviewer.verbs.agreement import reading_of
from glomviewer.verbs.failures import BadArgument


def add_choice(parser: argparse.ArgumentParser) -> None:
    """Ways to name patches; without any it is all of the library."""
    which = parser.add_mutually_exclusive_group()
    which.add_argument(
        "--filter-ids", nargs="+", type=int, metavar="N", help="of patches by their numbers"
    )
    which.add_argument("--cases", nargs="+", metavar="CASE", help="of whole cases")
    which.add_argument(
        "--queue", choices=[queue.value for queue in Queue], help="of a queue of Review"
    )
    which.add_argument("--saved-filter", metavar="NAME", help="of a filter that was saved")
    which.add_argument(
        "--from-disputes", metavar="READING", help="of what another reading's readers dispute"
    )


def chosen_patches(library: Library, arguments: argparse.Namespace) -> Sequence[int]:
    """Raises:
    BadArgument: there is no such case, filter or dispute.
    """
    if arguments.filter_ids:
        return arguments.filter_ids
    if arguments.from_disputes:
        of = reading_of(library, arguments.from_disputes)
        disputed = library.disputes(DisputeState.OPEN, of.id)
        if not disputed:
            raise BadArgument(f"Nothing in {of.name} is disputed.")
        return disputed
    return _asked(library, _query(library, arguments))


def _query(library: Library, arguments: argparse.Namespace) -> PatchQuery:
    if arguments.saved_filter:
        saved = library.saved_filters()
        if arguments.saved_filter not in saved:
            known = ", ".join(map(repr, saved)) or "none"
            raise BadArgument(
                f"No filter {arguments.saved_filter!r} was saved; the saved ones are: {known}."
            )
        return saved[arguments.saved_filter]
    if arguments.queue:
        return PatchQuery(queue=Queue(arguments.queue))
    return PatchQuery(cases=tuple(arguments.cases or ()))


def _asked(library: Library, query: PatchQuery) -> list[int]:
    table = library.load_table(None)
    unknown = sorted(set(query.cases) - set(table.cases))
    if unknown:
        raise BadArgument(f"The library has no case {unknown[0]!r}.")
    active, previous = library.active_model(), library.previous_model()
    if active is not None:
        table.view = library.load_model_view(
            table, active.id, previous.id if previous is not None else None
        )
    questions = TableQuestions(library)
    return questions.for_query(questions.about(table), query).ids(query).tolist()
