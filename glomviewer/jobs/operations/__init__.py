"""One function per user action, for the window and the verbs alike; no Qt.

Each takes the library and keyword-only arguments, and returns what it has changed.
"""

from glomviewer.jobs.operations.deciding import (
    accept_calls,
    adjudicate_patch,
    comment_on_patch,
    exclude_case,
    exclude_patches,
    flag_patches,
    include_case,
    include_patches,
    label_patches,
    mark_seen,
    redo,
    undo,
    visible_calls,
)
from glomviewer.jobs.operations.keeping import (
    add_reader,
    back_up,
    check_files,
    delete_filter,
    repoint_root,
    save_filter,
)
from glomviewer.jobs.operations.modelling import (
    add_model,
    convert_checkpoint,
    note_model,
    promote_model,
    remove_model,
    rename_model,
    roll_back_model,
    turn_down_candidate,
)
from glomviewer.jobs.operations.reading import (
    close_reading,
    comment_on_item,
    commit_item,
    create_reading,
    finish_reading,
    flag_item,
    set_passphrase,
    sign_off,
)
from glomviewer.jobs.operations.thresholds import (
    look_at_locked,
    redo_threshold,
    set_threshold,
    undo_threshold,
)
from glomviewer.jobs.prediction import predict_missing
from glomviewer.jobs.runs import (
    finish_run,
    pause_run,
    resume_run,
    start_run,
    stop_run,
    unpause_run,
)
from glomviewer.jobs.takeover import take_over_run

__all__ = [
    "accept_calls",
    "add_model",
    "add_reader",
    "adjudicate_patch",
    "back_up",
    "check_files",
    "close_reading",
    "comment_on_item",
    "comment_on_patch",
    "commit_item",
    "convert_checkpoint",
    "create_reading",
    "delete_filter",
    "exclude_case",
    "exclude_patches",
    "finish_reading",
    "finish_run",
    "flag_item",
    "flag_patches",
    "include_case",
    "include_patches",
    "label_patches",
    "look_at_locked",
    "mark_seen",
    "note_model",
    "pause_run",
    "predict_missing",
    "promote_model",
    "redo",
    "redo_threshold",
    "remove_model",
    "rename_model",
    "repoint_root",
    "resume_run",
    "roll_back_model",
    "save_filter",
    "set_passphrase",
    "set_threshold",
    "sign_off",
    "start_run",
    "stop_run",
    "take_over_run",
    "turn_down_candidate",
    "undo",
    "undo_threshold",
    "unpause_run",
    "visible_calls",
]
