"""What a deployment reads: the compose file, the image, the example of its environment."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from django.core.management import load_command_class

from indicators.schedule import ENTRIES, TICK
from targets_site.celery import app

ROOT = Path(__file__).resolve().parent.parent
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES = COMPOSE["services"]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
OURS = ["beat", "migrate", "sealer", "web", "worker"]


def example():
    """Names and values of `.env.example`."""
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    pairs = [line.split("=", 1) for line in text.splitlines() if line and line[0] != "#"]
    assert len({name for name, _value in pairs}) == len(pairs)
    return dict(pairs)


def read_by_settings():
    text = (ROOT / "targets_site" / "settings.py").read_text(encoding="utf-8")
    return set(re.findall(r"\benv\.?\w*\(\s*\"([A-Z_]+)\"", text))


def read_by_compose():
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    return set(re.findall(r"(?<!\$)\$\{([A-Z_]+)", text))


def test_example_lists_every_variable_and_no_other():
    assert set(example()) == read_by_settings() | read_by_compose()


def test_example_holds_no_secret():
    values = example()

    assert (values["SECRET_KEY"], values["POSTGRES_PASSWORD"]) == ("", "")


def test_example_points_at_the_services():
    values = example()

    assert re.search(r"@(\w+):5432/(\w+)$", values["DATABASE_URL"]).groups() == (
        "postgres",
        SERVICES["postgres"]["environment"]["POSTGRES_DB"],
    )
    assert values["REDIS_URL"] == "redis://redis:6379/0"


def _start_settings(**environment):
    """Read the settings in a process of their own, with nothing but this environment."""
    code = "import targets_site.settings as s; print(s.EMBEDDED, s.DATABASES['default']['HOST'])"
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_example_starts_once_its_secret_is_filled_in(tmp_path):
    started = _start_settings(**{**example(), "SECRET_KEY": "x" * 50, "VAR_DIR": str(tmp_path)})

    assert (started.returncode, started.stdout) == (0, "False postgres\n")


def test_example_without_its_secret_stops_with_a_sentence(tmp_path):
    stopped = _start_settings(**{**example(), "VAR_DIR": str(tmp_path)})

    assert stopped.returncode == 1
    assert "SECRET_KEY is not set." in stopped.stderr


def test_compose_has_our_services_and_what_they_stand_on():
    assert sorted(SERVICES) == sorted([*OURS, "postgres", "redis"])
    assert all(SERVICES[name]["env_file"] == ".env" for name in OURS)
    assert all(SERVICES[name]["image"] == "targets-site" for name in OURS)


@pytest.mark.parametrize("name", ["beat", "sealer", "web", "worker"])
def test_service_starts_after_the_migration(name):
    assert SERVICES[name]["depends_on"] == {
        "postgres": {"condition": "service_healthy"},
        "redis": {"condition": "service_healthy"},
        "migrate": {"condition": "service_completed_successfully"},
    }


@pytest.mark.parametrize("name", ["beat", "postgres", "redis", "sealer", "web", "worker"])
def test_service_that_stays_has_a_health_check(name):
    assert SERVICES[name]["healthcheck"]["test"]


def test_web_serves_an_application_that_exists_with_options_that_gunicorn_knows(tmp_path):
    program, *arguments = SERVICES["web"]["command"]
    service_mode = {**example(), "SECRET_KEY": "x" * 50, "VAR_DIR": str(tmp_path)}
    checked = subprocess.run(
        [sys.executable, "-m", program, "--check-config", *arguments],
        cwd=ROOT,
        env=service_mode,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert (checked.returncode, checked.stderr) == (0, "")


def test_web_listens_where_the_port_is_published_on_this_machine_only():
    assert "--bind=0.0.0.0:8000" in SERVICES["web"]["command"]
    assert SERVICES["web"]["ports"] == ["127.0.0.1:${PORT:-8000}:8000"]


@pytest.mark.parametrize("name", ["beat", "worker"])
def test_celery_service_names_our_application_and_known_options(name):
    program, application, subcommand, *options = SERVICES[name]["command"]
    known = {opt for parameter in celery_command(subcommand).params for opt in parameter.opts}

    assert (program, application, subcommand) == ("celery", f"--app={app.main}", name)
    assert {option.split("=")[0] for option in options} <= known


def test_sealer_runs_a_command_with_options_that_it_knows():
    program, script, name, *options = SERVICES["sealer"]["command"]
    known = load_command_class("targets_site.audit", name).create_parser("manage.py", name)

    assert (program, script) == ("python", "manage.py")
    assert known.parse_args(options).heartbeat == Path("/tmp/sealer-alive")
    assert "/tmp/sealer-alive" in SERVICES["sealer"]["healthcheck"]["test"][1]


def test_only_the_sealer_writes_heads_and_who_checks_reads_them():
    folder = example()["TRAIL_HEADS_DIR"]
    mounted = {
        name: [each for each in SERVICES[name].get("volumes", ()) if each.startswith("trail:")]
        for name in OURS
    }

    assert mounted == {
        "beat": [],
        "migrate": [],
        "sealer": [f"trail:{folder}"],
        "web": [f"trail:{folder}:ro"],
        "worker": [f"trail:{folder}:ro"],
    }


@pytest.mark.parametrize(
    ("service", "name"), [("migrate", "OWNER_DATABASE_URL"), ("sealer", "SEALER_DATABASE_URL")]
)
def test_roles_of_their_own_may_be_named_for_the_database(service, name):
    assert SERVICES[service]["environment"] == {"DATABASE_URL": f"${{{name}:-${{DATABASE_URL}}}}"}
    assert example()[name] == ""


def celery_command(name):
    from celery.bin.celery import celery

    return celery.commands[name]


def test_scheduled_tasks_exist():
    app.loader.import_default_modules()

    scheduled = {entry["task"] for entry in app.conf.beat_schedule.values()}
    assert scheduled <= set(app.tasks)


def test_beat_ticks_as_often_as_anything_is_due_and_ticks_do_not_pile_up():
    [beat] = app.conf.beat_schedule.values()

    assert (beat["task"], beat["schedule"]) == ("indicators.tick", TICK.total_seconds())
    assert beat["options"]["expires"] <= beat["schedule"]
    assert min(each.every for each in ENTRIES) == TICK
    assert app.conf.timezone == "Asia/Shanghai"


def test_redis_keeps_what_it_was_given():
    assert SERVICES["redis"]["command"][1:3] == ["--appendonly", "yes"]


def test_volumes_are_declared():
    used = {
        volume.split(":")[0]
        for service in SERVICES.values()
        for volume in service.get("volumes", [])
    }

    assert used == set(COMPOSE["volumes"])


@pytest.mark.parametrize("folder", ["files", "exports"])
def test_web_and_worker_read_what_the_other_wrote(folder):
    for name in ("web", "worker"):
        assert f"{folder}:/srv/targets/var/{folder}" in SERVICES[name]["volumes"]


@pytest.mark.parametrize("folder", ["files", "exports", "trail"])
def test_the_image_has_each_shared_folder_so_that_it_belongs_to_who_writes_there(folder):
    assert re.search(rf"mkdir --parents .*var/{folder}\b", DOCKERFILE)


def test_image_runs_as_a_user_of_its_own_on_hashed_requirements():
    steps = [line for line in DOCKERFILE.splitlines() if line and not line.startswith((" ", "#"))]
    user, collect = (
        steps.index("USER targets"),
        next(index for index, step in enumerate(steps) if "collectstatic" in step),
    )

    assert "--require-hashes -r requirements.txt" in DOCKERFILE
    assert user < collect
    assert not [step for step in steps[user + 1 :] if step.startswith(("USER", "COPY", "ADD"))]


def test_images_are_named_without_a_registry():
    named = [service["image"] for service in SERVICES.values()]
    named += re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)

    assert [name for name in named if "/" in name] == []
