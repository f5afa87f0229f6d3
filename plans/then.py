"""What of the documents was recorded by a moment."""

from plans.models import Target, TargetDepartment
from targets_site.then.views import of_those_there, recorded_by_then, register_view


def register_views() -> None:
    register_view(Target, recorded_by_then(Target))
    register_view(TargetDepartment, of_those_there(TargetDepartment, target_id=Target))
    # A tie is made with the later of its two targets.
    ties = Target.replaces.through
    register_view(ties, of_those_there(ties, from_target_id=Target, to_target_id=Target))
