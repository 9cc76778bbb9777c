"""A model's card: what it tells, what it keeps to itself, and that it comes out the same."""

import json
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from builders import PatchPlan, add_model, make_library

from glomviewer.domain.labels import Split
from glomviewer.jobs.exchange_files import write_manifest
from glomviewer.jobs.model_card import card_document
from glomviewer.jobs.model_card_counts import manifest_counts
from glomviewer.jobs.model_card_pages import Chapter, Document, Grid, html, markdown
from glomviewer.jobs.model_export import export_card, export_model, model_document
from glomviewer.jobs.runs import _line
from glomviewer.jobs.sentences import JobError
from training.config import RunFolder

METRICS = {
    "validation": {
        "auc": {"value": 0.97, "low": 0.9, "high": 0.99},
        "patches": 8,
        "sclerotic": 4,
        "groups": 2,
        "unit": "case or slide",
    },
    "locked": {
        "auc": {"value": 0.951, "low": 0.9, "high": 0.98},
        "f1": {"value": None, "low": None, "high": None},
        "confusion": [[5, 1], [2, 4]],
        "patches": 12,
        "sclerotic": 6,
        "groups": 3,
        "unit": "case or slide",
        "looks": 4,
    },
}


@pytest.fixture
def small(tmp_path):
    plans = [
        PatchPlan(
            case=f"Meier {split.name}",
            slide=f"Meier {split.name} PAS",
            label=number % 2,
            split=split,
        )
        for split in (Split.TRAIN, Split.VALIDATION, Split.LOCKED)
        for number in range(6)
    ]
    made = make_library(tmp_path, plans, image_files=False)
    with made.library:
        yield made


def with_card(record, **changes):
    return replace(record, card={**record.card, **changes})


def words(document):
    return markdown(document)


def test_figures_come_with_their_intervals_and_what_they_rest_on(small):
    record = small.library.model(add_model(small))
    told = words(card_document(with_card(record, metrics=METRICS), (), ()))
    assert r"| AUC | 0.970 (0.900 to 0.990) | 0.951 (0.900 to 0.980) |" in told
    assert "| F1 | undefined | undefined |" in told
    assert "12 patches, 6 of them sclerotic, of 3 cases or slides; look number 4" in told
    assert "| sclerotic by label | 2 | 4 |" in told
    assert "looked at 4 times" in told


def test_data_are_counted_by_split_and_class_without_a_name(small, tmp_path):
    folder = RunFolder(tmp_path / "run")
    folder.path.mkdir()
    write_manifest(folder.manifest, map(_line, small.library.training_manifest()))
    counts = manifest_counts(folder.manifest)
    assert [(one.split, one.others, one.sclerotic, one.groups) for one in counts] == [
        ("train", 3, 3, 1),
        ("validation", 3, 3, 1),
        ("locked", 3, 3, 1),
    ]
    record = small.library.model(add_model(small))
    told = words(card_document(record, counts, ()))
    assert "| train | 3 | 3 | 6 | 1 |" in told
    assert "Few cases or slides: 1 for train, 1 for validation, 1 for locked." in told
    assert manifest_counts(tmp_path / "gone.csv") == ()


def test_the_recipe_is_told_field_by_field_with_its_meaning(small):
    record = small.library.model(add_model(small))
    recipe = {
        "name": "quick",
        "method": "frozen",
        "summary": "A head",
        "folds": 5,
        "base": "resnet from Meier.pth",
        "found": {"strength": 0.1},
    }
    told = words(card_document(with_card(record, recipe=recipe), (), ()))
    assert "| folds | 5 |" in told
    assert "| strength | 0.1 |" in told
    assert "resnet from a file of weights" in told
    assert "Meier" not in told


def test_a_model_of_unknown_origin_shows_no_figures_and_says_why(small):
    record = small.library.model(add_model(small, seen_known=False))
    told = words(card_document(with_card(record, metrics=METRICS), (), ()))
    assert "0.951" not in told
    assert "It is not known what this model was trained on" in told
    assert "Its origin is unknown" in told


def test_threshold_and_rule_stand_as_they_came_and_as_they_are_now(small):
    model = add_model(small, threshold=0.5)
    small.library.set_threshold(
        model, 1.5, reader=small.reader, rule="recall:0.98", reason="Mrs Meier's biopsy"
    )
    told = words(model_document(small.library, small.library.model(model)))
    assert "| 1.5000 | 0.8176 | recall:0.98 |" in told
    assert "| 0.5000 | 0.6225 | f1 |" in told
    assert "Meier" not in told


def test_an_export_holds_folder_and_both_cards_and_nobody_s_name(small, tmp_path):
    model = add_model(small, {1: 1.0})
    small.library.note_model(model, "after the biopsy of Mrs Meier")
    done = export_model(small.library, model=model, parent=tmp_path / "out")
    assert done.folder is not None
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "demo-1",
        "demo-1.html",
        "demo-1.md",
    ]
    assert (done.folder / "model.json").is_file()
    for file in (done.markdown, done.html):
        text = file.read_text(encoding="utf-8")
        assert "For review, not for diagnosis" in text
        for name in ("Meier", "p1.png", "small", str(tmp_path)):
            assert name not in text


@pytest.mark.parametrize("export", [export_model, export_card])
def test_a_model_of_a_telling_name_is_not_exported(export, small, tmp_path):
    model = add_model(small, {1: 1.0})
    small.library.rename_model(model, "Meier, Anna 12.03.1957")
    with pytest.raises(JobError, match="may be that of a patient"):
        export(small.library, model=model, parent=tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_model_whose_own_card_tells_is_not_exported(small, tmp_path):
    model = add_model(small, {1: 1.0}, name="19B-11234")
    small.library.rename_model(model, "demo")
    with pytest.raises(JobError, match="under name"):
        export_model(small.library, model=model, parent=tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_nothing_is_overwritten(small, tmp_path):
    model = add_model(small)
    export_card(small.library, model=model, parent=tmp_path)
    with pytest.raises(JobError, match=r"There is a demo-1\.md .* already"):
        export_model(small.library, model=model, parent=tmp_path)
    assert not (tmp_path / "demo-1").exists()


def test_made_again_a_card_is_the_same_to_the_byte(small, tmp_path):
    model = add_model(small)
    first = export_card(small.library, model=model, parent=tmp_path / "a")
    again = export_card(small.library, model=model, parent=tmp_path / "b")
    assert first.markdown.read_bytes() == again.markdown.read_bytes()
    assert first.html.read_bytes() == again.html.read_bytes()


class Reader(HTMLParser):
    """Collects tags and what they point to."""

    def __init__(self):
        super().__init__()
        self.open, self.links, self.text = [], [], []

    def handle_starttag(self, tag, attrs):
        if tag != "meta":
            self.open.append(tag)
        self.links += [value for name, value in attrs if name in ("src", "href")]

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)


def test_html_stands_alone_and_shows_hostile_names_as_text():
    hostile = "</style><script>alert('x')</script> & | `co`"
    document = Document(
        hostile,
        hostile,
        (Chapter(hostile, (hostile,), points=True, grids=(Grid((hostile,), ((hostile,),)),)),),
    )
    reader = Reader()
    reader.feed(html(document))
    assert reader.open == [] and reader.links == []
    assert "".join(reader.text).count("alert('x')") == 7


def test_markdown_shows_hostile_names_as_text():
    document = Document("a|b", "x", (Chapter("<b>", grids=(Grid(("h",), (("1|2\n3",),)),)),))
    told = markdown(document)
    assert r"# a\|b" in told and r"## \<b\>" in told and r"| 1\|2 3 |" in told


def test_a_real_card_of_a_run_survives_json(small):
    """Cards come from JSON: numbers may be whole, lists may be empty."""
    record = small.library.model(add_model(small))
    card = json.loads(json.dumps({**record.card, "metrics": METRICS, "ancestors": ["abc"]}))
    told = words(card_document(replace(record, card=card), (), ()))
    assert "| Ancestors | abc |" in told
