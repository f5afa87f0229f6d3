"""What an observation and a verdict rest on, up to clause and person."""

from reports.queries.provenance.observation import observation_provenance
from reports.queries.provenance.target import target_provenance

__all__ = ["observation_provenance", "target_provenance"]
