"""The running product, for the tests of what it survives."""

import pytest
from django.conf import global_settings

from targets_site.operations import make_secrets
from tests.services import clusters, servers
from tests.services.ledger import Ledger
from tests.services.oracle import World
from tests.services.own_database import small_disk, standing_on
from tests.services.people import Official, Person
from tests.services.proxies import Proxy


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """A test that fails shows what people attempted, and what came of it."""
    report = yield
    ledger = getattr(item, "funcargs", {}).get("ledger")
    if report.failed and ledger and ledger.attempts:
        report.sections.append(("attempts", ledger.file.read_text(encoding="utf-8")))
    return report


@pytest.fixture
def ledger(tmp_path):
    return Ledger(tmp_path / "attempts.jsonl")


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


@pytest.fixture
def proxy(site, tmp_path):
    """People come through it, by TLS; web is started by who needs it, at an address of its own."""
    secrets = tmp_path / "secrets"
    make_secrets.make(secrets)
    one = Proxy(tmp_path, secrets, site.port)
    try:
        one.start()
        site.proxy_url = one.url
        site.more |= {"HTTPS": "1", "PROXIES": "1"}
        yield one
    finally:
        one.end()


@pytest.fixture
def world(site):
    """Two targets, and who enters and decides on their figures."""
    return World(2)


@pytest.fixture
def web(site, world):
    return site.web()


@pytest.fixture
def official(site, world, web, ledger):
    """Signed in; enters the figures of the first target."""
    series = world.series[world.codes[0]].code
    return Official(Person.signed_in(site.url, "official"), series, ledger)


@pytest.fixture
def own_server(transactional_db):
    """A PostgreSQL that may be harmed, with the test's database in it, on which the test stands
    from now on; so do all parts of the site that are started later."""
    with clusters.cluster() as one, standing_on(one):
        yield one


@pytest.fixture
def own_server_on_small_disk(transactional_db):
    """The same, with room for some megabytes more; in its folder, which is the disk."""
    with small_disk(megabytes=160) as folder:
        one = clusters.Cluster(folder=folder, more={"max_wal_size": "32MB", "min_wal_size": "32MB"})
        try:
            one.make()
            one.start()
            with standing_on(one):
                yield one
        finally:
            one.end()
