"""Areas and departments for programs."""

from django.utils.translation import gettext_lazy as _

from targets_site.api.lists import read_list
from targets_site.places.forms import AreaAsked, DepartmentAsked
from targets_site.places.models import Area, Department
from targets_site.places.serializers import AreaSerializer, DepartmentSerializer

areas = read_list(
    "areas",
    about=_("Provinces, prefectures and counties"),
    rows=lambda _request: Area.objects.select_related("parent", "successor"),
    order={"code": str},
    asked=AreaAsked,
    shown=AreaSerializer,
)
departments = read_list(
    "departments",
    about=_("Departments, also those that were succeeded"),
    rows=lambda _request: Department.objects.select_related("area", "successor"),
    order={"code": str},
    asked=DepartmentAsked,
    shown=DepartmentSerializer,
)
