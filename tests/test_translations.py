"""Both languages are complete, and what is committed is what the sources say."""

import gettext
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LOCALE = Path("targets_site", "locale")
LANGUAGES = ["zh_Hans", "en"]
SOURCES = ["targets_site", "plans", "indicators", "reports", "manage.py"]
# An English message that is left empty shows its msgid, which is English.
LENIENT = {"en": ["--use-untranslated"], "zh_Hans": []}


def run(*command, cwd=ROOT, **options):
    return subprocess.run(
        command, cwd=cwd, capture_output=True, text=True, timeout=120, check=False, **options
    )


@pytest.fixture(scope="session")
def gettext_tools():
    missing = [tool for tool in ("xgettext", "msgcmp", "msgfmt") if not shutil.which(tool)]
    if missing and os.environ.get("CI"):
        pytest.fail(f"missing: {', '.join(missing)} (apt-get install gettext)")
    if missing:
        pytest.skip(f"missing: {', '.join(missing)} (apt-get install gettext)")


@pytest.fixture(scope="session")
def template(tmp_path_factory, gettext_tools):
    """All messages of the sources as they are now, extracted in a copy."""
    copy = tmp_path_factory.mktemp("sources")
    for name in SOURCES:
        source = ROOT / name
        if source.is_dir():
            skipped = shutil.ignore_patterns("__pycache__", "static")
            shutil.copytree(source, copy / name, ignore=skipped)
        else:
            shutil.copy(source, copy / name)
    made = run(
        sys.executable, "manage.py", "makemessages", "--locale", "en", "--keep-pot",
        "--no-location", "--no-wrap",
        cwd=copy, env={"PATH": os.environ["PATH"], "VAR_DIR": str(copy / "var")},
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    return copy / LOCALE / "django.pot"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_of_the_sources_is_translated(template, language):
    messages = ROOT / LOCALE / language / "LC_MESSAGES" / "django.po"

    compared = run("msgcmp", *LENIENT[language], str(messages), str(template))

    assert (compared.returncode, compared.stderr) == (0, "")


@pytest.mark.usefixtures("gettext_tools")
@pytest.mark.parametrize("language", LANGUAGES)
def test_compiled_messages_are_those_of_the_text(tmp_path, language):
    folder = ROOT / LOCALE / language / "LC_MESSAGES"

    compiled = run(
        "msgfmt", "--check-format", "-o", str(tmp_path / "django.mo"), str(folder / "django.po")
    )

    assert (compiled.returncode, compiled.stderr) == (0, "")
    assert messages_of(folder / "django.mo") == messages_of(tmp_path / "django.mo")


def messages_of(path):
    with path.open("rb") as file:
        catalog = dict(gettext.GNUTranslations(file)._catalog)
    catalog.pop("", None)
    return catalog


# One word per thing: what the left is called has another name (the right).
OTHER_WORDS = {
    "审定": "审核通过",
    "签发人": "签核人",
    "链首": "链尾",
    "链头": "链尾",
    "岗位管理人员": "安全管理员",
    "岗位授权人员": "安全管理员",
    "哈希摘要": "哈希值",
    "审计追踪": "审计日志",
    "预警": "提醒",
}


def test_chinese_has_one_word_per_thing():
    said = messages_of(ROOT / LOCALE / "zh_Hans" / "LC_MESSAGES" / "django.mo").values()

    wrong = {text for text in said for word in OTHER_WORDS if word in text}

    assert wrong == set()
