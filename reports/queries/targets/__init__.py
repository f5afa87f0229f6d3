"""Everything that the page of one target shows."""

from reports.queries.targets.page import as_of_years, target_in_force, target_page

__all__ = ["as_of_years", "target_in_force", "target_page"]
