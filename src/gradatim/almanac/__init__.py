"""Which days are not like others: weekends and public holidays of the countries that the limits speak of."""

from gradatim.almanac.closed import Closed, closed_days, regions

__all__ = ["Closed", "closed_days", "regions"]
