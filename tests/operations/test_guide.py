"""What the guide tells people to type exists, in both languages alike."""

import re
import shlex
from pathlib import Path

import pytest
import yaml
from django.conf import settings
from django.core.management import get_commands, load_command_class

from targets_site.operations.make_secrets import NAMES, REDIS_USERS

FOLDER = Path(settings.BASE_DIR) / "targets_site" / "operations"
GUIDES = {each: (FOLDER / f"guide.{each}.md").read_text(encoding="utf-8") for each in ("zh", "en")}
COMPOSE = yaml.safe_load((settings.BASE_DIR / "docker-compose.yml").read_text(encoding="utf-8"))
EXAMPLE = (settings.BASE_DIR / ".env.example").read_text(encoding="utf-8")
# With what follows each of them: options, then services.
COMPOSE_COMMANDS = "build exec kill logs ps pull restart run stop up"


def commands(text, start):
    """Every one that begins so, in blocks and within lines."""
    return re.findall(rf"{start} [^`\n|&]+", text)


@pytest.mark.parametrize("language", GUIDES)
def test_every_command_of_ours_exists_with_its_options(language):
    found = commands(GUIDES[language], r"manage\.py")
    assert len(found) >= 10

    for line in found:
        _script, name, *arguments = shlex.split(line)
        command = load_command_class(get_commands()[name], name)
        parser = command.create_parser("manage.py", name)
        assert {each for each in arguments if each.startswith("--")} <= set(
            parser._option_string_actions
        ), line


@pytest.mark.parametrize("language", GUIDES)
def test_every_service_that_is_named_exists(language):
    found = commands(GUIDES[language], "docker compose")
    assert len(found) >= 20

    for line in found:
        words = shlex.split(line)[2:]
        assert words[0] in COMPOSE_COMMANDS.split(), line
        named = services_of(words)
        assert named <= set(COMPOSE["services"]), line


def services_of(words):
    """Those that the line is about: one for `run` and `exec`, all of them for the rest."""
    command, *others = words
    plain, skips = [], False
    for word in others:
        if skips or word.startswith("-"):
            skips = word == "--volume"
            continue
        plain.append(word)
    return set(plain[:1] if command in ("run", "exec") else plain)


@pytest.mark.parametrize("language", GUIDES)
def test_every_setting_and_secret_that_is_named_exists(language):
    text = GUIDES[language]
    named = set(re.findall(r"`([A-Z][A-Z_]{5,})[=`]", text))

    assert named <= set(re.findall(r"^([A-Z_]+)=", EXAMPLE, re.MULTILINE))
    assert set(re.findall(r"^\| `(\w+_(?:password|key))` \|", text, re.MULTILINE)) == set(NAMES)
    assert REDIS_USERS in text


@pytest.mark.parametrize("language", GUIDES)
def test_every_alarm_is_explained_and_no_other(language):
    text = GUIDES[language]
    table = text[text.index("/readyz") :]
    explained = {
        name
        for row in re.findall(r"^\| (`[^|]+) \|", table, re.MULTILINE)
        for name in re.findall(r"`(\w+)`", row)
    }
    sources = [settings.BASE_DIR / "targets_site" / "alarms.py", *FOLDER.glob("alarms_of_*.py")]
    code = "".join(path.read_text(encoding="utf-8") for path in sources)

    named = set(re.findall(r'Alarm\(\s*"(\w+)"', code))
    named |= set(re.findall(r'^        \("(\w+)", said', code, re.MULTILINE))

    assert explained == named


def test_both_say_the_same():
    blocks = [
        [shlex.split(line)[:4] for line in re.findall(r"^    (docker .+)$", text, re.MULTILINE)]
        for text in GUIDES.values()
    ]
    headings = [len(re.findall("^## ", text, re.MULTILINE)) for text in GUIDES.values()]

    assert blocks[0] == blocks[1]
    assert headings[0] == headings[1]
