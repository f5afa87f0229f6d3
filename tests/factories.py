"""Rows for tests, without surprises: a test states every value that it asserts."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from django.utils import timezone

from indicators.enums import LIGHT_OF, JobKind, SourceGrade, State
from indicators.models import (
    Indicator,
    Job,
    Observation,
    ObservationVersion,
    Round,
    RoundYear,
    Series,
    SeriesDepartment,
    TargetReading,
    Verdict,
)
from indicators.reference.load import reference_user
from plans.enums import DepartmentPart
from plans.models import Document, Domain, Target, TargetDepartment
from targets_site.accounts.models import Post, Role, User
from targets_site.figures import decimals_of
from targets_site.places.models import Area, AreaLevel, Department

_number = count(1)


def make_area(code: str = "990000", **fields: Any) -> Area:
    fields = {"level": AreaLevel.PROVINCE, "name_zh": f"某省{code}", "name_en": code, **fields}
    return Area.objects.get_or_create(code=code, defaults=fields)[0]


def make_department(
    area: Area | None = None, name_zh: str = "省农业厅", **fields: Any
) -> Department:
    area = area or make_area()
    fields = {"code": f"{area.code}-d{next(_number)}", "name_en": "Agriculture", **fields}
    return Department.objects.get_or_create(area=area, name_zh=name_zh, defaults=fields)[0]


def make_domain(code: str = "product", **fields: Any) -> Domain:
    fields = {"name_zh": "产品质量", "name_en": "Products", "position": 1, **fields}
    return Domain.objects.get_or_create(code=code, defaults=fields)[0]


def make_document(slug: str = "plan-2011", area: Area | None = None, **fields: Any) -> Document:
    fields = {
        "area": area or make_area(),
        "title_zh": "某省质量发展纲要",
        "title_en": "Quality outline",
        "start_year": 2011,
        "end_year": 2020,
        **fields,
    }
    return Document.objects.get_or_create(slug=slug, defaults=fields)[0]


def make_target(
    code: str = "plan-2011-001", document: Document | None = None, **fields: Any
) -> Target:
    """At least 98 % by 2020, unless said otherwise."""
    document = document or make_document()
    value = fields.pop("value", "98")
    value = None if value is None else Decimal(value)
    upper = fields.get("value_upper")
    ends = [value, None if upper is None else Decimal(upper)]
    fields = {
        "area": document.area,
        "domain": fields.pop("domain", None) or make_domain(),
        "statement_zh": "抽检合格率达到98%以上",
        "statement_en": "Pass rate of at least 98%",
        "stated": "达到98%以上",
        "locator": "一、目标",
        "kind": "reach",
        "comparator": "ge",
        "value": value,
        "stated_decimals": max((decimals_of(each) for each in ends if each is not None), default=0),
        "unit": "%",
        "target_year": 2020,
        "recorded_by": reference_user(),
        **fields,
    }
    return Target.objects.create(code=code, document=document, **fields)


def make_text_target(code: str = "plan-2011-900", **fields: Any) -> Target:
    fields = {"kind": "text", "comparator": "", "value": None, "unit": "", **fields}
    return make_target(code, **fields)


def name_department(
    target: Target, department: Department, part: str = DepartmentPart.LEAD
) -> TargetDepartment:
    return TargetDepartment.objects.create(target=target, department=department, part=part)


def make_indicator(code: str = "pass-rate", **fields: Any) -> Indicator:
    fields = {
        "name_zh": "抽检合格率",
        "name_en": "Pass rate",
        "unit": "%",
        "decimals": 2,
        "smallest": Decimal(0),
        "largest": Decimal(100),
        **fields,
    }
    return Indicator.objects.get_or_create(code=code, defaults=fields)[0]


def make_series(
    area: Area | None = None,
    indicator: Indicator | None = None,
    scope: str = "all",
    department: Department | None = None,
    **fields: Any,
) -> Series:
    area, indicator = area or make_area(), indicator or make_indicator()
    series = Series.objects.create(
        code=f"{area.code}.{indicator.code}.{scope}",
        area=area,
        indicator=indicator,
        scope=scope,
        **fields,
    )
    if department is not None:
        SeriesDepartment.objects.create(series=series, department=department)
    return series


def make_reading(target: Target, series: Series, **fields: Any) -> TargetReading:
    fields = {
        "note_zh": "同一指标",
        "note_en": "Same measure",
        "read_by": reference_user(),
        **fields,
    }
    return TargetReading.objects.create(target=target, series=series, **fields)


def make_figure(series: Series, year: int, value: str | None, **fields: Any) -> ObservationVersion:
    """An approved figure in force; None with a missing reason."""
    observation, _ = Observation.objects.get_or_create(series=series, year=year)
    exact = None if value is None else Decimal(value)
    fields = {
        "number": observation.versions.count() + 1,
        "value": exact,
        "stated_decimals": decimals_of(exact) if exact is not None else 0,
        "missing_reason": "" if exact is not None else "未统计",
        "source_title": "统计公报",
        "source_grade": SourceGrade.OFFICIAL,
        "state": State.APPROVED,
        "entered_by": reference_user(),
        **fields,
    }
    version = ObservationVersion.objects.create(observation=observation, **fields)
    observation.in_force = observation.working = version
    observation.save(update_fields=["in_force", "working"])
    return version


def make_verdict(
    target: Target, as_of: int, status: str = "not_collected", **fields: Any
) -> Verdict:
    fields = {"light": LIGHT_OF[status], "method_version": "1", **fields}
    return Verdict.objects.create(target=target, as_of=as_of, status=status, **fields)


def make_job(**fields: Any) -> Job:
    """An import that waits and has no parts, unless said otherwise."""
    return Job.objects.create(**{"kind": JobKind.IMPORT, **fields})


def make_user(username: str = "wang", **fields: Any) -> User:
    return User.objects.create_user(username=username, password="Passw0rd-2026", **fields)


def make_post(
    user: User,
    role: str = Role.OFFICIAL,
    area: Area | None = None,
    department: Department | None = None,
    **fields: Any,
) -> Post:
    """A granted post; `granted_at=None` makes it one that is only requested."""
    area = area or (department.area if department else make_area())
    granted_at = datetime(2011, 1, 1, tzinfo=UTC)
    fields = {"from_date": date(2011, 1, 1), "granted_at": granted_at, **fields}
    return Post.objects.create(user=user, role=role, area=area, department=department, **fields)


def make_official(username: str = "official", department: Department | None = None) -> User:
    """Somebody who enters the figures of a department."""
    user = make_user(username)
    make_post(user, Role.OFFICIAL, department=department or make_department())
    return user


def make_reviewer(username: str = "reviewer", area: Area | None = None) -> User:
    user = make_user(username)
    make_post(user, Role.REVIEWER, area=area)
    return user


def make_signer(username: str = "signer", department: Department | None = None) -> User:
    """Somebody who signs for a department."""
    user = make_user(username)
    make_post(user, Role.SIGNER, department=department or make_department())
    return user


def make_auditor(username: str = "auditor", area: Area | None = None) -> User:
    user = make_user(username)
    make_post(user, Role.AUDITOR, area=area)
    return user


def make_round(area: Area | None = None, *years: int, **fields: Any) -> Round:
    """Open today, due in ten days and closed in twenty, unless said otherwise."""
    now = timezone.now()
    fields = {
        "name": f"round {next(_number)}",
        "opens_at": now - timedelta(days=10),
        "due_at": now + timedelta(days=10),
        "closes_at": now + timedelta(days=20),
        "created_by": fields.pop("created_by", None) or reference_user(),
        **fields,
    }
    one = Round.objects.create(area=area or make_area(), **fields)
    RoundYear.objects.bulk_create(RoundYear(round=one, year=year) for year in years or [2020])
    return one
