"""What a notice of a failed check says, in the reader's language, by the check that found it."""

from django.utils.translation import gettext as _

from indicators.models import Notice
from targets_site.checks import Finding, check_named


def check_label(notice: Notice) -> str:
    check = check_named(notice.check_name)
    return str(check.label) if check else notice.check_name


def sentence(notice: Notice) -> str:
    check = check_named(notice.check_name)
    if check is None:
        return _("This check exists no more.")
    return check.say(_finding(notice))


def address(notice: Notice) -> str:
    check = check_named(notice.check_name)
    return check.address(_finding(notice)) if check else "/"


def _finding(notice: Notice) -> Finding:
    kind, _colon, about = notice.finding.partition(":")
    return Finding(kind, about, notice.facts or {})
