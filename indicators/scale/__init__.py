"""Made data of any size, up to a nation and beyond, to measure and to try with. None of it is real.

places.py    how many provinces, prefectures and counties, and their codes
measures.py  what is measured and promised, so that every rule of the method has its cases
rows.py      the rows of an area
filling.py   an empty database filled with them
"""

from indicators.scale.filling import NotEmpty, fill
from indicators.scale.places import MOST_AREAS

__all__ = ["MOST_AREAS", "NotEmpty", "fill"]
