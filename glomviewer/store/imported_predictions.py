"""A table of predictions made elsewhere becomes a model without weights, and its predictions."""

from __future__ import annotations

import uuid
from collections import Counter
from datetime import UTC, datetime

from glomviewer.domain.foreign_calls import ForeignCalls, logits_of_calls
from glomviewer.store.import_values import Finding, FindingKind, ImportPlan, PlannedCall
from glomviewer.store.library import Library
from glomviewer.store.patch_names import PatchNames
from training.config import (
    Architecture,
    Calibration,
    ModelCard,
    Preprocessing,
    Threshold,
)

ARCHITECTURE = "imported predictions"
"""`card["architecture"]["name"]` of a model that has predictions but no weights."""


def store_calls(library: Library, plan: ImportPlan) -> tuple[str, int, list[Finding]]:
    """(model id or "", predictions stored, rows that name no single patch)."""
    if not plan.calls:
        return "", 0, []
    matched, findings = _matched(library, plan)
    if not matched:
        return "", 0, findings
    foreign = logits_of_calls([(call.call, call.probability) for call in matched.values()])
    card = _card(library, plan, foreign, len(matched))
    folder = library.paths.model(card.id)
    folder.mkdir(parents=True)
    card.write(folder / "model.json")
    (folder / "seen.txt").write_text("", encoding="utf-8")
    library.add_model(folder, card.to_json(), activate=False)
    rows = zip(matched, foreign.logits, strict=True)
    library.store_predictions(card.id, [(patch, logit, "") for patch, logit in rows])
    if foreign.contradictions:
        reason = (
            f"{foreign.contradictions:,} of its calls contradict their probabilities at every "
            "threshold; the probabilities count"
        )
        findings.append(Finding(_table_name(plan), reason, FindingKind.CONFLICT, imported=True))
    return card.id, len(matched), findings


def _matched(library: Library, plan: ImportPlan) -> tuple[dict[int, PlannedCall], list[Finding]]:
    names = PatchNames(library)
    matched: dict[int, PlannedCall] = {}
    findings: list[Finding] = []
    for call in plan.calls:
        found = names.find(call.name, path=call.path)
        if len(found) == 1:
            matched.setdefault(found[0], call)
            continue
        reason = (
            f"{len(found)} patches of the library have this name"
            if found
            else "no patch of the library has this name"
        )
        findings.append(Finding(call.name, reason, FindingKind.TABLE))
    return matched, findings


def _card(library: Library, plan: ImportPlan, foreign: ForeignCalls, rows: int) -> ModelCard:
    name = plan.options.model_name.strip() or ARCHITECTURE
    calls = Counter(call.call for call in plan.calls)
    with_probability = sum(call.probability is not None for call in plan.calls)
    return ModelCard(
        id=uuid.uuid4().hex[:16],
        name=name,
        version=1 + max((m.version for m in library.models() if m.name == name), default=0),
        architecture=Architecture(ARCHITECTURE, {}, "logit"),
        preprocessing=Preprocessing(),
        calibration=Calibration(),
        threshold=Threshold(foreign.threshold, "as in the imported calls"),
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        seen="unknown",
        recipe={
            "name": ARCHITECTURE,
            "rows": rows,
            "calls": {str(call): count for call, count in sorted(calls.items())},
            "with_probability": with_probability,
            "remark": foreign.remark,
        },
    )


def _table_name(plan: ImportPlan) -> str:
    return plan.source.table.path.name if plan.source.table else "the table"
