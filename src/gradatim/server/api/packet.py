"""The packet: what a phone keeps so that it can say, without a network, what is due and what to do in danger."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from gradatim.exchange.packet import packet, packet_text
from gradatim.exchange.packet.limits import MOST_DAYS
from gradatim.monographs import bibliography, leaflet, monograph, scales
from gradatim.report.heed_data import closed_ahead
from gradatim.server.api.folded import folded
from gradatim.server.api.schemas import PacketDocument
from gradatim.server.api.shapes import PROBLEMS
from gradatim.server.rights import noted
from gradatim.server.who import Scope

router = Router(tags=["sync"])


class PacketIn(Schema):
    """For how many days after today; as the settings say, if nothing is asked."""

    days: Annotated[int | None, Field(ge=1, le=MOST_DAYS)] = None


@router.get("/records/{uuid:record}/packet", response={200: PacketDocument, **PROBLEMS}, operation_id="packet")
def get_packet(request: HttpRequest, record: UUID, asked: Query[PacketIn]) -> Any:
    """The packet as of now, built on all entries up to ``based_on``. It says until when it counts; a phone asks for a new one often."""
    found = folded(request, record, Scope.TODAY, followed=False)
    closed, _ = closed_ahead(found.record, found.day)
    made = packet(
        found.record, monograph(), leaflet(), found.now, scales=scales(), sources=bibliography(), cursor=len(found.entries),
        hash=found.right.journal.head_at(len(found.entries)), days=asked.days or settings.CONFIG.packet_days, closed=closed,
    )  # fmt: skip
    noted(found.right, "fetched the packet")
    return HttpResponse(packet_text(made), content_type="application/json")
