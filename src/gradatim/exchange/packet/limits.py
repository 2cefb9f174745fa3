"""How long a packet counts, how far it reaches, and why: every number of the packet that is ours [D], in one place.

No source says how old a dose list may be before it must not be trusted. What each number weighs is said beside it, and at length in
docs/explanation/the-packet.md.
"""

from __future__ import annotations

_HOUR, _DAY = 60 * 60, 24 * 60 * 60

FRESH = 6 * _HOUR
"""Seconds after which a phone says when it last heard: at three doses a day the time between two of them. By then somebody else may
have given a dose, and written it down where this phone cannot see it. Ours [D]."""

GOOD = 7 * _DAY
"""Seconds after which a phone shows no dose as due any more, and says to ask: as long as what was told about a gap goes before the
plan, for by then a change would be written down. Shorter would take the doses from somebody who is away for a week without network;
longer would show doses that a prescriber may have changed. Ours [D]."""

DAYS = 14
"""Days ahead that a packet covers, unless asked otherwise: twice what it is good for, to plan by and to pack a box by. Ours [D]."""

MOST_DAYS = 60
"""More days than this are refused: the packet is read whole at each start of the app. Ours [D]."""

TAKINGS = 6
"""How many takings stand on the card for somebody who asks: two days at three doses a day. Ours [D]."""
