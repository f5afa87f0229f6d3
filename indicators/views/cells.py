"""One figure of a series and year: its page, and what is done with it.

Each address answers in two ways: asked by the grid's script with the cell alone, else with a page.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from indicators.actions import entry as actions
from indicators.actions import workflow
from indicators.actions.entry import EnteredFigure
from indicators.forms.fields import latest_year_to_report
from indicators.forms.figures import FigureForm, ToSubmitForm
from indicators.models import ObservationVersion, Series, SeriesDepartment, Worked
from indicators.parsing import FIRST_REPORTED_YEAR
from indicators.queries import entry as queries
from indicators.queries.entry import EntryCell
from indicators.queries.figures import figure_before, recent_figures, targets_measured_by
from indicators.queries.rounds import asks
from indicators.views.evidence import ask_for_file_again, handed_in
from indicators.views.shared import found, not_entered, person, record_denial
from targets_site.accounts.access import NotAllowed, held_by
from targets_site.templatetags.shown import with_unit


@dataclass(frozen=True)
class Place:
    """A series and year, in a round or outside of one."""

    series: Series
    year: int
    round_id: int | None

    @property
    def about(self) -> str:
        return f"observation:{self.series.code}:{self.year}"


@dataclass(frozen=True)
class Refusal:
    """Why nothing was stored: what is wrong, by field; or what stands there now.

    why: in the trail's words, where it is no matter of input.
    """

    status: int
    why: str = ""
    problems: tuple[tuple[str, str], ...] = ()
    newer: Worked | None = None
    mine: EnteredFigure | ObservationVersion | None = None

    @property
    def said(self) -> list[tuple[str, str]]:
        """The problems, each sentence once, with the first field that it is about."""
        first: dict[str, str] = {}
        for name, problem in self.problems:
            first.setdefault(problem, name)
        return [(name, problem) for problem, name in first.items()]


@require_http_methods(["GET", "HEAD", "POST"])
def cell(request: HttpRequest, code: str, year: int, round_id: int | None = None) -> HttpResponse:
    place = _place(request, code, year, round_id)
    if request.method == "POST":
        return _save(request, place)
    refused = _not_allowed(request, place)
    if refused is not None:
        return refused
    shown = queries.cell_of(place.series, year, round_id=round_id, user=person(request))
    if _is_fetched(request):
        return _cell_alone(request, shown)
    return _page(request, place, shown)


@require_POST
def submit_cell(
    request: HttpRequest, code: str, year: int, round_id: int | None = None
) -> HttpResponse:
    """Send the draft on."""
    return _moved_on(
        request, code, year, round_id, step=actions.submit, done=_("Submitted: %(figure)s.")
    )


@require_POST
def recall_cell(
    request: HttpRequest, code: str, year: int, round_id: int | None = None
) -> HttpResponse:
    """Take back what one sent."""
    return _moved_on(
        request, code, year, round_id, step=workflow.recall, done=_("Recalled: %(figure)s.")
    )


def _place(request: HttpRequest, code: str, year: int, round_id: int | None) -> Place:
    """Raises Http404 where there is no such series, or no such round of its area and this year."""
    if not FIRST_REPORTED_YEAR <= year <= latest_year_to_report():
        raise Http404
    series = found(request, Series.objects.select_related("area", "indicator"), code=code)
    if round_id is not None and not asks(round_id, area_id=series.area_id, year=year):
        record_denial(request, about=f"round:{round_id}")
        raise Http404
    return Place(series, year, round_id)


def _not_allowed(request: HttpRequest, place: Place) -> HttpResponse | None:
    """403 for those who enter nothing at all or only sign here, 404 for whoever enters for other
    departments; None for those who enter this figure. The attempt stands in the trail."""
    held = held_by(person(request))
    links = SeriesDepartment.objects.of_series_in(place.series.pk, place.year)
    departments = frozenset(links.values_list("department_id", flat=True))
    if held.entered & departments:
        return None
    if held.entered and not held.signed & departments:
        record_denial(request, about=place.about)
        raise Http404
    return not_entered(request, about=place.about)


def _not_allowed_after_all(request: HttpRequest, place: Place) -> HttpResponse:
    """The action refused, whatever the posts say by now."""
    refused = _not_allowed(request, place)
    return refused or not_entered(request, about=place.about)


def _is_fetched(request: HttpRequest) -> bool:
    return request.headers.get("X-Requested-With") == "fetch"


def _signed_in_anew(request: HttpRequest) -> bool:
    """Somebody else signed in since the page was opened: what was typed there is not his."""
    sent = request.headers.get("X-Person")
    return sent is not None and sent != str(person(request).pk)


def _save(request: HttpRequest, place: Place) -> HttpResponse:
    if _signed_in_anew(request):
        return _not_allowed(request, place) or _somebody_else(request, place)
    form = FigureForm(
        request.POST,
        request.FILES,
        series=place.series,
        year=place.year,
        by=person(request),
        before=figure_before(place.series, place.year),
    )
    if not form.is_valid():
        # Where the form is in order, the action asks for the right.
        return _not_allowed(request, place) or _not_saved(request, place, Refusal(422), form)
    figure = form.figure()
    try:
        with _with_file(request, place, form) as with_file:
            version, refusal = _stored_and_sent(request, place, form, with_file)
    except ValidationError as error:
        form.refuse(error)
        return _not_saved(request, place, Refusal(422), form)
    except (workflow.StaleVersion, workflow.WrongState, workflow.Locked) as error:
        return _not_saved(request, place, _conflict(error, mine=figure), form)
    except NotAllowed:
        return _not_allowed_after_all(request, place)
    if _is_fetched(request):
        shown = queries.stored_cell(
            version, round_id=place.round_id, has_evidence=bool(with_file.evidence)
        )
        return _cell_alone(request, shown, form=form)
    stored = form.having_read(version.number, evidence=with_file.evidence)
    return _after_saving(request, place, version, stored, refusal)


@contextmanager
def _with_file(request: HttpRequest, place: Place, form: FigureForm) -> Iterator[EnteredFigure]:
    """What was entered, with the file that came with it, which is stored as far as the body is;
    one that is not taken raises ValidationError by field."""
    figure, user = form.figure(), person(request)
    with handed_in(
        form.cleaned_data.get("evidence_file"),
        field="evidence_file",
        department=lambda: queries.reporting_department(place.series, place.year, user=user),
        by=user,
    ) as added:
        yield replace(figure, evidence=figure.evidence | added)


def _stored_and_sent(
    request: HttpRequest, place: Place, form: FigureForm, figure: EnteredFigure
) -> tuple[ObservationVersion, Refusal | None]:
    """The new draft, and why it was not sent on where the cell's own page asked for both.

    Both in one transaction: where the database fails over the second, neither is stored, which is
    what the person is told.
    """
    if request.POST.get("step") != "submit" or _is_fetched(request):
        return _stored(request, place, form, figure), None
    with transaction.atomic():
        version = _stored(request, place, form, figure)
        return version, _refusal_of(
            version, lambda: actions.submit(version=version, by=person(request))
        )


def _stored(
    request: HttpRequest, place: Place, form: FigureForm, figure: EnteredFigure
) -> ObservationVersion:
    return actions.save(
        series=place.series,
        year=place.year,
        figure=figure,
        read_version=form.read_version_number,
        by=person(request),
        correction_reason=form.correction_reason_text,
    )


def _not_saved(
    request: HttpRequest, place: Place, refusal: Refusal, form: FigureForm
) -> HttpResponse:
    if not _is_fetched(request):
        ask_for_file_again(request, form, field="evidence_file")
    return _refused(request, place, refusal, form=form)


def _after_saving(
    request: HttpRequest,
    place: Place,
    version: ObservationVersion,
    form: FigureForm,
    refusal: Refusal | None,
) -> HttpResponse:
    """To the grid, or where the cell's own page asked, back to it.

    form: what was stored, as read by who knows of it. refusal: why it was not sent on.
    """
    step = request.POST.get("step")
    if refusal is not None:
        messages.info(request, _said(_("Saved: %(figure)s."), version))
        return _refused(request, place, refusal, form=form)
    if step == "submit":
        messages.success(request, _said(_("Submitted: %(figure)s."), version))
    else:
        notes = " ".join(form.notes)
        messages.success(request, f"{_said(_('Saved: %(figure)s.'), version)} {notes}".strip())
    return _to_page(place, own=bool(step))


def _moved_on(
    request: HttpRequest,
    code: str,
    year: int,
    round_id: int | None,
    *,
    step: Callable[..., ObservationVersion],
    done: str,
) -> HttpResponse:
    """One step of the workflow, with the version that the form names."""
    place = _place(request, code, year, round_id)
    refused = _not_allowed(request, place)
    if refused is not None:
        return refused
    if _signed_in_anew(request):
        return _somebody_else(request, place)
    version = _version(request, place)
    moved: list[ObservationVersion] = []
    try:
        refusal = _refusal_of(
            version, lambda: moved.append(step(version=version, by=person(request)))
        )
    except NotAllowed:
        return _not_allowed_after_all(request, place)
    if refusal is not None and refusal.status == 422 and _is_fetched(request):
        return _kept(request, place, refusal)
    if refusal is not None:
        return _refused(request, place, refusal)
    if _is_fetched(request):
        return _cell_alone(
            request, queries.stored_cell(moved[0], round_id=round_id, has_evidence=True)
        )
    messages.success(request, _said(done, moved[0]))
    return _to_page(place, own=True)


def _version(request: HttpRequest, place: Place) -> ObservationVersion:
    """The version that the form names, of this cell."""
    form = ToSubmitForm(request.POST)
    versions = ObservationVersion.objects.filter(
        observation__series=place.series, observation__year=place.year
    ).select_related("observation__series__area", "observation__series__indicator")
    return found(request, versions, pk=form.ids[0] if form.is_valid() else 0)


def _refusal_of(version: ObservationVersion, step: Callable[[], object]) -> Refusal | None:
    try:
        step()
    except ValidationError as error:
        fields = error.message_dict.items()
        return Refusal(422, problems=tuple((name, each) for name, said in fields for each in said))
    except (workflow.StaleVersion, workflow.WrongState, workflow.Locked) as error:
        return _conflict(error, mine=version)
    return None


def _conflict(error: Exception, *, mine: EnteredFigure | ObservationVersion) -> Refusal:
    """What stands there now, in words."""
    if isinstance(error, workflow.StaleVersion):
        return Refusal(409, "conflict", newer=error.newer, mine=mine)
    if isinstance(error, workflow.WrongState):
        state = str(error.version.get_state_display())
        said = _("Nothing was stored: the figure is now “%(state)s”.") % {"state": state}
        return Refusal(409, "state", problems=(("", said),), mine=mine)
    assert isinstance(error, workflow.Locked)
    return Refusal(409, "closed", problems=(("", error.words),), mine=mine)


def _said(form: str, version: ObservationVersion) -> str:
    cell, unit = version.observation, version.observation.series.indicator.unit
    figure = version.missing_reason or with_unit(version.value_as_stated, unit)
    return form % {"figure": f"{cell.series.indicator.name} {cell.year}, {figure}"}


def _to_page(place: Place, *, own: bool) -> HttpResponse:
    """To the cell's own page, or to its place in the grid."""
    shown = queries.bare_cell(place.series, place.year, round_id=place.round_id)
    if own or place.round_id is None:
        return redirect(shown.address)
    return redirect(f"{reverse('indicators:grid', args=[place.round_id])}#cell-{shown.key}")


def _somebody_else(request: HttpRequest, place: Place) -> HttpResponse:
    said = _("You are signed in as %(name)s now; this page was opened by somebody else.")
    problem = ("", said % {"name": person(request)})
    return _refused(request, place, Refusal(403, "another person's page", problems=(problem,)))


def _refused(
    request: HttpRequest, place: Place, refusal: Refusal, *, form: FigureForm | None = None
) -> HttpResponse:
    """Nothing was stored, and why; what was typed stays."""
    if refusal.why:
        record_denial(request, about=place.about, why=refusal.why)
    if _is_fetched(request):
        return _problem(request, place, refusal, form=form)
    shown = queries.cell_of(place.series, place.year, round_id=place.round_id, user=person(request))
    return _page(request, place, shown, form=form, refusal=refusal)


def _problem(
    request: HttpRequest, place: Place, refusal: Refusal, *, form: FigureForm | None = None
) -> HttpResponse:
    shown = queries.bare_cell(place.series, place.year, round_id=place.round_id)
    problems = [*(form.problems if form else ()), *refusal.problems]
    return render(
        request,
        "indicators/_cell_problem.html",
        {"cell": shown, "form": form, "refusal": refusal, "problems": problems},
        status=refusal.status,
    )


def _kept(request: HttpRequest, place: Place, refusal: Refusal) -> HttpResponse:
    """The cell as it is stored, saying why it was not sent on."""
    shown = queries.cell_of(place.series, place.year, round_id=place.round_id, user=person(request))
    shown_with = {"cell": shown, "notes": [], "unsent": refusal.problems}
    return render(request, "indicators/_cell.html", shown_with, status=refusal.status)


def _cell_alone(
    request: HttpRequest, shown: EntryCell, *, form: FigureForm | None = None
) -> HttpResponse:
    notes = form.notes if form else []
    return render(request, "indicators/_cell.html", {"cell": shown, "notes": notes})


def _page(
    request: HttpRequest,
    place: Place,
    shown: EntryCell,
    *,
    form: FigureForm | None = None,
    refusal: Refusal | None = None,
) -> HttpResponse:
    series = place.series
    if form is None:
        form = FigureForm.starting_from(shown, by=person(request))
    elif refusal is not None and refusal.newer is not None:
        files = refusal.mine.evidence if isinstance(refusal.mine, EnteredFigure) else ()
        form = form.having_read(refusal.newer.number, evidence=files)
    return render(
        request,
        "indicators/entry_cell.html",
        {
            "cell": shown,
            "series": series,
            "indicator": series.indicator,
            "form": form,
            "refusal": refusal,
            "recent": recent_figures(series),
            "targets": targets_measured_by([series]).get(series.pk, ()),
        },
        status=refusal.status if refusal else 200,
    )
