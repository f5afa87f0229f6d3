"""An area with one target of each sort, and the report on it."""

from indicators.actions.jobs import work_off_job
from reports.actions.asking import ask_for_draft
from reports.models import Report
from targets_site.accounts.models import Role
from tests.factories import (
    make_area,
    make_department,
    make_document,
    make_domain,
    make_figure,
    make_indicator,
    make_post,
    make_reading,
    make_reviewer,
    make_series,
    make_target,
    make_text_target,
    make_user,
    make_verdict,
    name_department,
)

YEAR = 2015


def make_rich_area():
    """Met with three figures (98.40 in 2015), short (96.9), without figure, and one in words."""
    area = make_area(name_zh="某省")
    document = make_document(area=area, title_zh="某省质量发展纲要")
    department = make_department(area, code="990000-agriculture", name_zh="省农业厅")
    met = make_target("plan-2011-001", document, key=True, locator="三、（一）")
    name_department(met, department)
    series = make_series(area)
    for year, value in ((2013, "97.1"), (2014, "98"), (2015, "98.40")):
        make_figure(series, year, value)
    reading = make_reading(met, series)
    make_verdict(
        met, YEAR, "met_early", reading=reading, actual_year=2015, actual_value="98.4", gap="-0.4"
    )
    service = make_domain("service", name_zh="服务质量", position=2)
    short = make_target(
        "plan-2011-002", document, domain=service, value="97", statement_zh="满意率达到97%以上"
    )
    satisfied = make_series(area, make_indicator("satisfied", name_zh="满意率"))
    make_figure(satisfied, 2015, "96.9", source_grade="press", source_title="满意率调查通报")
    make_verdict(
        short,
        YEAR,
        "near",
        reading=make_reading(short, satisfied),
        actual_year=2015,
        actual_value="96.9",
        gap="0.1",
    )
    unknown = make_target(
        "plan-2011-003", document, domain=service, statement_zh="投诉办结率达到98%以上"
    )
    make_verdict(unknown, YEAR, "no_data")
    make_verdict(make_text_target(document=document), YEAR, "not_measurable")
    return area


def drafted(*, area=None, department=None, year=YEAR, by=None) -> Report:
    """The report as its job drafts it."""
    area = area or make_rich_area()
    by = by or make_reviewer(area=area)
    job = ask_for_draft(area=area, year=year, department=department, by=by)
    job = work_off_job(job)
    assert (job.state, job.error) == ("done", "")
    return Report.objects.get(job=job)


def make_person(role: str, area, username: str = ""):
    user = make_user(username or role)
    make_post(user, role, area=area)
    return user


__all__ = ["YEAR", "Role", "drafted", "make_person", "make_rich_area"]
