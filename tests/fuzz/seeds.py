"""The seeds of the corpora: ``python -m tests.fuzz.seeds`` writes them anew. Small, one of every kind, nobody's."""

from __future__ import annotations

import json
import tempfile
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

from gradatim.domain.calendar import lay_out
from gradatim.domain.clock import Instant
from gradatim.domain.course import Course
from gradatim.domain.fault import BadInput
from gradatim.exchange.document import document
from gradatim.exchange.order import make_plan, read_order
from gradatim.journal.codec import canonical, entry_data
from gradatim.journal.lines import LinesJournal
from gradatim.journal.sealed import write_plain
from gradatim.monographs import bibliography, monograph
from gradatim.server.backup.document import Header, Table, lines
from tests.fuzz.readers import READERS
from tests.journal.made import entries, every_kind

HERE = Path(__file__).parent / "corpus"
EXAMPLES = Path(__file__).parents[2] / "examples"
NOW = Instant.parse("2026-12-01T08:00:00Z")


def seeds() -> dict[str, dict[str, bytes]]:
    """Every seed, by the name of its reader and its own."""
    kinds = every_kind()
    found: dict[str, dict[str, bytes]] = {name: {} for name in READERS}
    found["entries"] = {f"{one.what.kind}-{n}.json": canonical(entry_data([one])) for n, one in enumerate(kinds)}
    found["entries"]["all.json"] = canonical(entry_data(kinds))
    found["copies"] = {"plain.json": write_plain(kinds[:6]), "one.json": write_plain(entries(1))}
    found["copies_whole"] = dict(found["copies"])
    with tempfile.TemporaryDirectory() as folder:
        journal = LinesJournal(Path(folder) / "journal.jsonl")
        journal.append(kinds[:5])
        journal.append(entries(3, first=100))
        found["journal"]["two.jsonl"] = (Path(folder) / "journal.jsonl").read_bytes()
    found["journal_whole"] = dict(found["journal"])
    for path in sorted(EXAMPLES.glob("*.toml")):
        data = tomllib.loads(path.read_text("utf-8"))
        text = _json(data)
        if "table_file" in text.decode():
            continue
        found["orders"][f"{path.stem}.json"] = text
    order = read_order(json.loads(found["orders"]["ms-adult.json"]), monograph())
    calendar = lay_out(Course(versions=(make_plan(order, monograph()),)), order.person, monograph(), NOW)
    whole = document(calendar, bibliography())
    found["orders"]["document.json"] = canonical(
        {name: part for name, part in whole.items() if name in ("schema", "person", "course")}
    )
    table = Table(name="gradatim_audit", columns=("id", "at", "account", "action", "subject", "detail"), rows=2)
    header = Header(
        format="gradatim/backup/1", program="0.1.0", made=NOW, migrations=("gradatim.0001_begin",), tables=(table,)
    )
    rows = [(table, [n, "2026-12-01T08:00:00+00:00", "", "restored", "", ""]) for n in range(2)]
    found["backups"]["small.jsonl"] = b"".join(lines(header, rows, ()))
    found["requests"] = {
        "push.json": _json(
            {"schema": "gradatim/entry/1", "sent": "2026-12-01T08:00:00Z", "entries": entry_data(entries(1))}
        ),
        "letters.json": b'{"label": "\\ud83d\\ude34 \\u00e9", "days": 1.5e3, "scopes": ["read", null, true]}',
    }
    return found


def _json(data: Any) -> bytes:
    return json.dumps(
        data, ensure_ascii=False, default=lambda one: one.isoformat() if isinstance(one, date) else str(one)[:5]
    ).encode()


def main() -> None:
    """Write them."""
    for name, files in seeds().items():
        folder = HERE / name
        folder.mkdir(parents=True, exist_ok=True)
        for file, data in files.items():
            (folder / file).write_bytes(data)


if __name__ == "__main__":
    try:
        main()
    except BadInput as bad:
        raise SystemExit(str(bad)) from None
