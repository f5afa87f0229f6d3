"""Whether figures of one indicator may stand side by side for several areas."""

from indicators.models import Indicator

# A pass rate of samples depends on which products were drawn.
_SAMPLED = ("抽检", "抽查")


def is_sampled(indicator: Indicator) -> bool:
    """Each area draws other samples, so its figure says nothing about another area's."""
    return any(word in indicator.name_zh for word in _SAMPLED)
