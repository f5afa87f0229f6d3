"""The meeting sheet of an area: as a page, and as the file that is handed round."""

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from reports.forms.goals import GoalForm
from reports.meeting import meeting_paper
from reports.paper.blocks import Paper
from reports.paper.errors import PaperUnavailable
from reports.queries.meeting.sheet import goals_of_area, meeting_sheet
from reports.queries.rows import opening_goal
from reports.queries.scopes import area_of_code
from targets_site.accounts.access import reading_page
from targets_site.audit.actions import record
from targets_site.places.models import Area
from targets_site.reading.kept import kept_page

TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


@reading_page
@require_safe
@kept_page(GoalForm)
def meeting(request: HttpRequest, code: str) -> HttpResponse:
    return _page(request, *_asked(request, code))


@reading_page
@require_safe
def download(request: HttpRequest, code: str, suffix: str) -> HttpResponse:
    """The file; where this machine sets no PDF, the page that says so."""
    if suffix not in TYPES:
        raise Http404(suffix)
    area, goals, form = _asked(request, code)
    goal = _goal(goals, form)
    try:
        content = _file_of(_paper(area, goal), suffix)
    except PaperUnavailable:
        return _page(request, area, goals, form, unavailable=True)
    with transaction.atomic():
        record("export", f"meeting:{area.code}:{goal}", after={"file": suffix})
    name = f"meeting-{area.code}-{goal}.{suffix}"
    return HttpResponse(
        content,
        content_type=TYPES[suffix],
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "no-store",
        },
    )


def _asked(request: HttpRequest, code: str) -> tuple[Area, dict[int, int], GoalForm]:
    area = area_of_code(code)
    goals = goals_of_area(area) if area else {}
    if area is None or not goals:
        raise Http404(code)
    return area, goals, GoalForm(request.GET, years=goals)


def _goal(goals: dict[int, int], form: GoalForm) -> int:
    return int(form.chosen("goal") or opening_goal(goals) or 0)


def _paper(area: Area, goal: int) -> Paper:
    return meeting_paper(meeting_sheet(area, goal))


def _file_of(paper: Paper, suffix: str) -> bytes:
    # What prints is imported where it is asked for: a web worker that never does need not load it.
    if suffix == "pdf":
        from reports.printing import pdf_of_paper

        return pdf_of_paper(paper)
    from reports.paper.word import word_of

    return word_of(paper)


def _page(
    request: HttpRequest,
    area: Area,
    goals: dict[int, int],
    form: GoalForm,
    *,
    unavailable: bool = False,
) -> HttpResponse:
    goal = _goal(goals, form)
    paper = _paper(area, goal)
    context = {
        "area": area,
        "goals": goals,
        "goal": goal,
        "paper": paper,
        "unavailable": unavailable,
        "problems": form.problems(),
    }
    return render(request, "reports/meeting.html", context, status=503 if unavailable else 200)
