"""Drug knowledge as data: TOML with citations, read into domain types."""

from gradatim.monographs.loader import UnknownMonograph, bibliography, leaflet, monograph

__all__ = ["UnknownMonograph", "bibliography", "leaflet", "monograph"]
