"""Areas and departments for programs."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request

from targets_site.api.lists import read_list
from targets_site.places.forms import AreaAsked, DepartmentAsked
from targets_site.places.models import Area, Department
from targets_site.places.serializers import AreaSerializer, DepartmentSerializer


def _areas(_request: Request) -> QuerySet[Area]:
    return Area.objects.select_related("parent", "successor")


def _departments(_request: Request) -> QuerySet[Department]:
    return Department.objects.select_related("area", "successor")


areas = read_list(
    "areas",
    about=_("Provinces, prefectures and counties"),
    rows=_areas,
    order={"code": str},
    asked=AreaAsked,
    shown=AreaSerializer,
)
departments = read_list(
    "departments",
    about=_("Departments, also those that were succeeded"),
    rows=_departments,
    order={"code": str},
    asked=DepartmentAsked,
    shown=DepartmentSerializer,
)
