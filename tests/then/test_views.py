"""What stands before the tables: at the moment of now it shows just what they hold."""

import pytest
from django.utils import timezone

from targets_site.then import as_it_stood
from targets_site.then.views import _selects

pytestmark = pytest.mark.django_db
NUMBERED_ANEW = {"indicators_verdicttally"}


def rows(model):
    names = [field.attname for field in model._meta.concrete_fields]
    if model._meta.db_table in NUMBERED_ANEW:
        names.remove("id")
    return sorted(model._default_manager.order_by().values_list(*names), key=repr)


@pytest.mark.usefixtures("real_data")
def test_now_every_table_is_as_it_is():
    held = {model: rows(model) for model in _selects}

    with as_it_stood(timezone.now()):
        shown = {model: rows(model) for model in _selects}

    for model, there in held.items():
        assert shown[model] == there, model
    assert {model: rows(model) for model in _selects} == held
