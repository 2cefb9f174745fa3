"""Writes the danger signs that the app holds by itself, for a device that knows no record: the same texts as in every packet.

``python docs/make_danger.py`` after a change of the monograph; a test finds a stale file.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from gradatim.domain.clock import Instant
from gradatim.domain.fold import fold
from gradatim.exchange.packet import packet, packet_data
from gradatim.languages import LANGUAGES, speaking
from gradatim.monographs import bibliography, leaflet, monograph, scales

FOLDER = Path(__file__).parents[1] / "web" / "src" / "screens" / "danger"
HELD = ("levels", "signs", "emergency", "missed_rule", "too_much", "stopping", "meanings")
CITING = ("signs", "missed_rule", "too_much", "stopping")


def made() -> str:
    """The file: the fixed texts of the packet of a record in which nothing is written down."""
    data = packet_data(
        packet(fold(()), monograph(), leaflet(), Instant(0), scales=scales(), sources=bibliography(), cursor=0)
    )
    cited = {
        citation.split(" [")[0]
        for name in CITING
        for text in (data[name] if isinstance(data[name], list) else [data[name]])
        for citation in text["source"]
    }
    held = {name: data[name] for name in HELD}
    held["never"] = data["card"]["title"]
    held["sources"] = [source for source in data["sources"] if source["key"] in cited]
    return json.dumps(held, ensure_ascii=False, indent="\t") + "\n"


def file_of(language: str) -> Path:
    """Where the texts of a language lie."""
    return FOLDER / f"bundled.{language}.json"


if __name__ == "__main__":
    for tag in LANGUAGES:
        with speaking(tag):
            file_of(tag).write_text(made(), "utf-8")
        sys.stdout.write(f"{file_of(tag)}\n")
