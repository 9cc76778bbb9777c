"""Cases and slides: found by name, made when new."""

from __future__ import annotations

from sqlalchemy import Connection


class Groups:
    """Ids of cases and slides by name, kept for the length of one import."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._cases: dict[str, int] = {}
        self._slides: dict[tuple[int | None, str], int] = {}

    def ids(self, case: str, slide: str) -> tuple[int | None, int | None]:
        """(case id, slide id) of these names, None where a name is empty.

        A patch that names only its slide joins the case of that slide where just one is known.
        """
        case_id = self._case(case) if case else None
        if not slide:
            return case_id, None
        if case_id is None:
            case_id = self._only_case_of(slide)
        return case_id, self._slide(case_id, slide)

    def _case(self, name: str) -> int:
        if name not in self._cases:
            found = self._one("SELECT id FROM cases WHERE name = ?", (name,))
            self._cases[name] = found or self._make("INSERT INTO cases (name) VALUES (?)", (name,))
        return self._cases[name]

    def _slide(self, case_id: int | None, name: str) -> int:
        key = (case_id, name)
        if key not in self._slides:
            found = self._one(
                "SELECT id FROM slides WHERE name = ? AND case_id IS ?", (name, case_id)
            )
            self._slides[key] = found or self._make(
                "INSERT INTO slides (name, case_id) VALUES (?, ?)", (name, case_id)
            )
        return self._slides[key]

    def _only_case_of(self, slide: str) -> int | None:
        if (None, slide) in self._slides:
            return None
        rows = self._connection.exec_driver_sql(
            "SELECT DISTINCT case_id FROM slides WHERE name = ? LIMIT 2", (slide,)
        ).all()
        return rows[0][0] if len(rows) == 1 else None

    def _one(self, sql: str, values: tuple[object, ...]) -> int | None:
        found = self._connection.exec_driver_sql(sql, values).scalar_one_or_none()
        return None if found is None else int(found)

    def _make(self, sql: str, values: tuple[object, ...]) -> int:
        return int(self._connection.exec_driver_sql(sql, values).lastrowid or 0)
