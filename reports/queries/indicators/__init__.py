"""An indicator in its areas: which may be compared, and how they stand."""

from reports.queries.indicators.offers import Offer, offer_of, with_levels
from reports.queries.indicators.page import Asked, IndicatorPage, indicator_page

__all__ = ["Asked", "IndicatorPage", "Offer", "indicator_page", "offer_of", "with_levels"]
