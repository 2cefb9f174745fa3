"""What the databases themselves refuse: a row of a journal, of the access log or of the audit is never changed, and goes only with an
erasure that is written down first. The statements are part of the migrations."""

from __future__ import annotations

from typing import Any

KEPT = {
    "gradatim_entry": "EXISTS (SELECT 1 FROM gradatim_erasure WHERE record_id = OLD.record_id)",
    "gradatim_access": "EXISTS (SELECT 1 FROM gradatim_erasure WHERE record_id = OLD.record_id)",
    "gradatim_erasure": None,
    "gradatim_audit": None,
}
"""Each table whose rows stay, and when one may go after all."""


def statements(vendor: str) -> list[str]:
    """The statements that make the triggers of one kind of database."""
    if vendor == "sqlite":
        return [line for table, unless in KEPT.items() for line in _sqlite(table, unless)]
    if vendor == "postgresql":
        return [line for table, unless in KEPT.items() for line in _postgresql(table, unless)]
    raise ValueError(f"no triggers are written for {vendor}")


def names(vendor: str) -> set[str]:
    """What the triggers are called; `gradatim doctor` looks for them."""
    found = {f"{table}_{event}" for table in KEPT for event in ("no_update", "no_delete")}
    return found | ({f"{table}_no_truncate" for table in KEPT} if vendor == "postgresql" else set())


def make(apps: Any, schema_editor: Any) -> None:
    """Run by the migration."""
    for statement in statements(schema_editor.connection.vendor):
        schema_editor.execute(statement)


def _sqlite(table: str, unless: str | None) -> list[str]:
    when = "" if unless is None else f" WHEN NOT {unless}"
    return [
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} BEGIN SELECT RAISE(ABORT, '{table}: rows are never changed'); END",
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table}{when} BEGIN SELECT RAISE(ABORT, '{table}: rows are never removed'); END",
    ]


def _postgresql(table: str, unless: str | None) -> list[str]:
    gate = "" if unless is None else f"IF TG_OP = 'DELETE' AND {unless} THEN RETURN OLD; END IF; "
    refuse = f"BEGIN {gate}RAISE EXCEPTION '{table}: rows are never changed or removed'; END"
    return [
        f"CREATE FUNCTION {table}_kept() RETURNS trigger LANGUAGE plpgsql AS $$ {refuse} $$",
        f"CREATE FUNCTION {table}_whole() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{table}: rows are never changed or removed'; END $$",
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_kept()",
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_kept()",
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION {table}_whole()",
    ]
