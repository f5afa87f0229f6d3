"""What the tests of accounts and posts share."""

import pytest

from targets_site.accounts.models import Role
from tests.factories import make_area, make_department, make_post, make_user


@pytest.fixture
def in_english(client):
    client.cookies["django_language"] = "en"


def make_holder(role, username=None, **fields):
    """Somebody who holds this post today."""
    user = make_user(username or role.replace("_", ""), **fields)
    department = make_department() if role in {Role.OFFICIAL, Role.SIGNER} else None
    make_post(user, role, department=department)
    return user


@pytest.fixture
def system_admin(db):
    return make_holder(Role.SYSTEM_ADMIN, "sysadmin")


@pytest.fixture
def security_admin(db):
    return make_holder(Role.SECURITY_ADMIN, "secadmin")


@pytest.fixture
def hainan(db):
    """An area with one department of today and one that is no more."""
    area = make_area("460000", name_zh="海南省", name_en="Hainan")
    today = make_department(area, "省农业农村厅", code="460000-nynct", name_en="Rural Affairs")
    make_department(area, "省农业厅", code="460000-nyt", to_year=2018, successor=today)
    return area


@pytest.fixture
def farming(hainan):
    return hainan.departments.get(code="460000-nynct")
