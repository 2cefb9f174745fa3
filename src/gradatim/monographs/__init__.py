"""Drug knowledge as data: TOML with citations, read into domain types."""

from gradatim.monographs.loader import UnknownMonograph, bibliography, leaflet, monograph
from gradatim.monographs.scales import UnknownScale, not_embedded, scale, scales

__all__ = [
    "UnknownMonograph",
    "UnknownScale",
    "bibliography",
    "leaflet",
    "monograph",
    "not_embedded",
    "scale",
    "scales",
]
