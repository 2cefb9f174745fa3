"""The packet: what a phone keeps so that it can say, without a network, what is due and what to do in danger."""

from gradatim.exchange.packet.document import (
    SCHEMA,
    BasedOn,
    Packet,
    packet,
    packet_data,
    packet_text,
    read_packet,
)
from gradatim.exchange.packet.schema import packet_schema

__all__ = ["SCHEMA", "BasedOn", "Packet", "packet", "packet_data", "packet_schema", "packet_text", "read_packet"]
