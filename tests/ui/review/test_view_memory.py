import json

from glomviewer.domain.patch_query import PatchQuery, Queue
from glomviewer.ui.review.view_memory import Place, SavedView, ViewMemory


def test_a_list_is_found_again_where_it_was_left():
    memory = ViewMemory()
    memory.keep(PatchQuery(), Place(7, 300))
    memory.keep(PatchQuery(queue=Queue.FLAGGED), Place(9, 0))
    assert memory.place(PatchQuery()) == Place(7, 300)
    assert memory.place(PatchQuery(text="x")) is None


def test_a_view_survives_the_settings():
    view = SavedView(PatchQuery(queue=Queue.UNCERTAIN), "", 12, 480, True, "abc")
    assert SavedView.from_settings(json.loads(json.dumps(view.to_settings()))) == view


def test_names_of_patients_stay_out_of_the_settings():
    query = PatchQuery(cases=("Meyer 1",), slides=("Meyer 1 PAS",), text="meyer")
    text = json.dumps(SavedView(query, "Case Meyer 1", 3, 0).to_settings())
    assert "eyer" not in text


def test_damaged_settings_give_the_usual_view():
    for raw in (None, {}, {"query": "nonsense"}, {"query": "{}", "title": "", "current": "x"}):
        assert SavedView.from_settings(raw) == SavedView()
