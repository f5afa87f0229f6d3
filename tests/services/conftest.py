"""The running product, for the tests of what it survives."""

import pytest
from django.conf import global_settings

from tests.services import servers


@pytest.fixture(scope="session")
def collected(tmp_path_factory):
    """A VAR_DIR with the static files, which take seconds to compress."""
    var = tmp_path_factory.mktemp("var")
    servers.collect_static_files(var)
    return var


@pytest.fixture
def site(tmp_path, collected, transactional_db, settings):
    """Redis runs, nothing else yet. Passwords are stored as the product stores them."""
    settings.PASSWORD_HASHERS = global_settings.PASSWORD_HASHERS
    with servers.site(tmp_path, var=collected) as one:
        yield one
