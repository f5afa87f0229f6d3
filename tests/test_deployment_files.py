"""What a deployment reads: the compose file, the image, the example of its environment."""

import base64
import hashlib
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from django.core.management import load_command_class

from indicators.actions.imports.files import LARGEST_MEGABYTES
from indicators.schedule import ENTRIES, TICK
from targets_site.celery import app
from targets_site.operations import make_secrets, roles
from targets_site.operations.management.commands import make_roles

ROOT = Path(__file__).resolve().parent.parent
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES = COMPOSE["services"]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
STEPS = ["migrate", "protect", "roles"]
STAY = ["backup", "beat", "sealer", "web", "worker"]
PROXY = ROOT / "targets_site" / "operations" / "proxy"
OURS = [*STAY, *STEPS, "restore"]
# Which role of the database each is, and so whose password it may read.
ROLE_OF = {
    **dict.fromkeys(["beat", "web", "worker"], roles.APP),
    **dict.fromkeys(["migrate", "protect", "restore"], roles.OWNER),
    "backup": roles.BACKUP,
    "sealer": roles.SEALER,
}


def example():
    """Names and values of `.env.example`."""
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    pairs = [line.split("=", 1) for line in text.splitlines() if line and line[0] != "#"]
    assert len({name for name, _value in pairs}) == len(pairs)
    return dict(pairs)


def read_by_settings():
    text = (ROOT / "targets_site" / "settings.py").read_text(encoding="utf-8")
    return set(re.findall(r"\b(?:env\.?\w*|secret)\(\s*\"([A-Z_]+)\"", text))


def read_as_secrets():
    text = (ROOT / "targets_site" / "settings.py").read_text(encoding="utf-8")
    return sorted(set(re.findall(r"\bsecret\(\"([A-Z_]+)\"", text)))


def read_by_compose():
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    return set(re.findall(r"(?<!\$)\$\{([A-Z_]+)", text))


def test_example_lists_every_variable_and_no_other():
    assert set(example()) == read_by_settings() | read_by_compose()


def test_example_holds_no_secret():
    values = example()

    assert [values[name] for name in read_as_secrets()] == ["", "", "", ""]


def test_example_points_at_the_services():
    values = example()

    assert re.search(r"@(\w+):5432/(\w+)$", values["DATABASE_URL"]).groups() == (
        "postgres",
        make_roles.DATABASE,
    )
    assert SERVICES["web"]["environment"]["DATABASE_URL"] == values["DATABASE_URL"]
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


@pytest.mark.parametrize("command", ["no-such-scanner -", "'clamdscan", "''"])
def test_a_scanner_that_is_not_there_stops_the_start(tmp_path, command):
    stopped = _start_settings(UPLOAD_SCAN_COMMAND=command, VAR_DIR=str(tmp_path))

    assert stopped.returncode == 1
    assert "ImproperlyConfigured: UPLOAD_SCAN_COMMAND" in stopped.stderr


def test_compose_has_our_services_and_what_they_stand_on():
    assert sorted(SERVICES) == sorted([*OURS, "make-secrets", "postgres", "proxy", "redis", "wal"])
    assert all(SERVICES[name]["env_file"] == ".env" for name in OURS)
    assert all(SERVICES[name]["image"] == "targets-site" for name in OURS)


@pytest.mark.parametrize("name", STAY)
def test_service_starts_after_the_steps(name):
    assert SERVICES[name]["depends_on"] == {
        "postgres": {"condition": "service_healthy"},
        "redis": {"condition": "service_healthy"},
        "protect": {"condition": "service_completed_successfully"},
    }


def test_steps_wait_for_each_other_and_end():
    done = {"condition": "service_completed_successfully"}

    assert SERVICES["protect"]["depends_on"] == {"migrate": done}
    assert SERVICES["migrate"]["depends_on"]["roles"] == done
    assert [SERVICES[name]["restart"] for name in STEPS] == ["no", "no", "no"]
    assert SERVICES["protect"]["command"][2:] == [
        "protect_audit",
        f"--app-role={roles.APP.name}",
        f"--sealer-role={roles.SEALER.name}",
    ]


@pytest.mark.parametrize("name", sorted(ROLE_OF))
def test_service_is_its_role_of_the_database_and_reads_no_others_password(name):
    service, role = SERVICES[name], ROLE_OF[name]

    assert f"//{role.name}@" in service["environment"]["DATABASE_URL"]
    assert service["environment"]["DATABASE_PASSWORD_FILE"] == f"/run/secrets/{role.secret}"
    assert set(service["secrets"]) == {"secret_key", "redis_password", role.secret}


def test_every_secret_is_a_file_that_is_made(tmp_path):
    files = {each["file"].removeprefix("./secrets/") for each in COMPOSE["secrets"].values()}

    make_secrets.make(tmp_path)

    assert files == {each.name for each in tmp_path.iterdir()}
    assert "secrets" in (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    assert "/secrets/" in (ROOT / ".gitignore").read_text(encoding="utf-8").split()


def test_the_sites_own_certificate_and_key_stay(tmp_path):
    own = [tmp_path / name for name in ("tls_certificate", "tls_key")]
    for each in own:
        each.write_text("its own", encoding="utf-8")

    make_secrets.make(tmp_path)

    assert {each.read_text(encoding="utf-8") for each in own} == {"its own"}


@pytest.mark.parametrize(
    ("stays", "missing"), [("tls_key", "tls_certificate"), ("tls_certificate", "tls_key")]
)
def test_of_certificate_and_key_one_alone_is_never_joined_by_another(
    tmp_path, capsys, stays, missing
):
    (tmp_path / stays).write_text("its own", encoding="utf-8")

    assert make_secrets.main([str(tmp_path)]) == 1

    assert missing in capsys.readouterr().err
    assert not (tmp_path / missing).exists()


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_no_service_has_a_secret_in_its_environment(name):
    said = [f"{key}={each}" for key, each in SERVICES[name].get("environment", {}).items()]

    assert [
        each for each in said if re.search(r"PASSWORD=|SECRET_KEY=|://[^@/]*:[^@/]*@", each)
    ] == []


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_service_is_held_in_its_bounds(name):
    service = SERVICES[name]

    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["logging"]["options"] == {"max-size": "10m", "max-file": "5"}
    assert {"mem_limit", "cpus", "pids_limit"} <= set(service)
    users = {"make-secrets": "0:0", "wal": "0:0"}
    users |= {"postgres": "postgres", "proxy": "nginx", "redis": "redis"}
    assert service["user"] == users.get(name, "targets")


def test_only_who_serves_or_mails_has_a_way_out():
    outside = [name for name in SERVICES if "outside" in SERVICES[name]["networks"]]

    assert outside == ["proxy", "worker"]
    assert COMPOSE["networks"]["inside"] == {"internal": True}
    assert [name for name in SERVICES if "ports" in SERVICES[name]] == ["proxy"]


@pytest.mark.parametrize("name", [*STAY, "postgres", "proxy", "redis"])
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


def test_the_proxy_listens_where_ports_are_published_and_asks_web_where_it_listens():
    text = (PROXY / "nginx.conf").read_text(encoding="utf-8")

    assert re.findall(r"listen (\S+\d)", text) == ["127.0.0.1:8081", "8080", "8443"]
    assert SERVICES["proxy"]["ports"] == [
        "0.0.0.0:${HTTP_PORT:-80}:8080",
        "0.0.0.0:${HTTPS_PORT:-443}:8443",
    ]
    assert "http://127.0.0.1:8081/" in SERVICES["proxy"]["healthcheck"]["test"][1]
    assert "set $web web:8000;" in text
    assert "--bind=0.0.0.0:8000" in SERVICES["web"]["command"]


def test_the_proxy_leaves_it_to_the_site_to_say_that_a_file_is_too_large():
    text = (PROXY / "nginx.conf").read_text(encoding="utf-8")
    [megabytes] = re.findall(r"client_max_body_size (\d+)m;", text)

    assert int(megabytes) > LARGEST_MEGABYTES
    page = (PROXY / "refused.html").read_text(encoding="utf-8")
    assert re.findall(r"(\d+) MB", page) == [megabytes, megabytes]


@pytest.mark.parametrize("name", ["refused", "unavailable"])
def test_the_proxys_own_pages_may_show_the_style_that_they_hold(name):
    page = (PROXY / f"{name}.html").read_text(encoding="utf-8")
    [style] = re.findall("<style>(.*?)</style>", page, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()

    assert f"style-src 'sha256-{digest}'" in (PROXY / "nginx.conf").read_text(encoding="utf-8")


def test_web_is_killed_only_after_the_grace_that_it_gives_to_requests():
    [seconds] = re.findall(r"--graceful-timeout=(\d+)", " ".join(SERVICES["web"]["command"]))

    assert SERVICES["web"]["stop_grace_period"] == f"{int(seconds) + 10}s"
    assert SERVICES["proxy"]["stop_grace_period"] == SERVICES["web"]["stop_grace_period"]


@pytest.mark.parametrize("name", ["beat", "worker"])
def test_celery_service_names_our_application_and_known_options(name):
    program, quiet, application, subcommand, *options = SERVICES[name]["command"]
    known = {opt for parameter in celery_command(subcommand).params for opt in parameter.opts}

    # Its banner is no line of the log.
    assert (program, quiet) == ("celery", "--quiet")
    assert (application, subcommand) == (f"--app={app.main}", name)
    assert {option.split("=")[0] for option in options} <= known


def test_sealer_runs_a_command_with_options_that_it_knows():
    program, script, name, *options = SERVICES["sealer"]["command"]
    known = load_command_class("targets_site.audit", name).create_parser("manage.py", name)

    assert (program, script) == ("python", "manage.py")
    assert known.parse_args(options).heartbeat == Path("/tmp/sealer-alive")
    assert "/tmp/sealer-alive" in SERVICES["sealer"]["healthcheck"]["test"][1]


def test_only_the_sealer_and_a_restore_write_heads_and_who_checks_reads_them():
    folder = example()["TRAIL_HEADS_DIR"]
    mounted = {
        name: [each for each in SERVICES[name].get("volumes", ()) if each.startswith("trail:")]
        for name in OURS
    }

    assert mounted == {
        **{name: [] for name in ("beat", *STEPS)},
        "backup": [f"trail:{folder}:ro"],
        "restore": [f"trail:{folder}"],
        "sealer": [f"trail:{folder}"],
        "web": [f"trail:{folder}:ro"],
        "worker": [f"trail:{folder}:ro"],
    }


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
        if not volume.startswith("./")
    }

    assert used == set(COMPOSE["volumes"])


@pytest.mark.parametrize("folder", ["files", "exports"])
def test_web_and_worker_read_what_the_other_wrote(folder):
    for name in ("web", "worker"):
        assert f"{folder}:/srv/targets/var/{folder}" in SERVICES[name]["volumes"]


@pytest.mark.parametrize("folder", ["files", "exports", "trail", "backups"])
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


def test_the_image_has_the_programs_of_the_servers_own_version():
    version = SERVICES["postgres"]["image"].partition(":")[2]

    assert f"postgresql-client-{version} " in DOCKERFILE
