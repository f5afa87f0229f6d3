"""What jobs do with reports; what prints is loaded by the first of them, not by every process."""

from indicators.actions.jobs import Claimed, Work


def do(claimed: Claimed) -> None:
    from reports.actions.drafting import do as draft

    draft(claimed)


WORK = Work(do=do)
