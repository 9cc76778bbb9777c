"""Labels that were given in a pack by one who knew the model's call are kept as derived state."""

from __future__ import annotations

from alembic import op

from glomviewer.store.migrate import mark_version

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE made_knowing (
            decision_id INTEGER NOT NULL,
            CONSTRAINT pk_made_knowing PRIMARY KEY (decision_id),
            CONSTRAINT fk_made_knowing_decision_id_decisions
                FOREIGN KEY(decision_id) REFERENCES decisions (id)
        )
        """
    )
    mark_version(op.get_bind(), 4)
