"""From the upload of a file of 100,000 figures to its preview, and to its being stored.

    .venv/bin/python -m tests.benchmarks.preview_import [--lines 100000]

The real door, end to end: a CSV file with the columns of our own export and a workbook with those
of our template (`--wide`: of the export too), sent over HTTP to gunicorn, read and stored by the
job (the embedded mode's thread, or a Celery worker where REDIS_URL is set), against the database of
DATABASE_URL, SQLite in a file unless set. Half of the figures are new, four tenths unchanged, one
tenth corrections. Prints wall and CPU seconds (of the product's processes; the database server's
are not in it) and the largest memory of a process. Exits with 1 where a preview takes longer than
the limit. The yardstick is a bare loop: where it takes longer than usual, so does all the rest, CPU
seconds included.
"""

import argparse
import os
import re
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

from tests.benchmarks.servers import Servers, servers

LIMIT_SECONDS = 30.0
SECONDS_BETWEEN_LOOKS = 0.2
SECONDS_AT_MOST = 600
YEARS = range(2011, 2021)
BOUNDARY = "a-boundary-that-no-file-holds"
REASON = "年度核实"
PLAIN_STATIC_FILES = {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}
}


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--lines", type=int, default=100_000)
    parser.add_argument("--wide", action="store_true", help="an export saved as a workbook")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["VAR_DIR"] = folder
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "targets_site.settings")
        import django

        django.setup()
        return measure(options.lines, Path(folder), is_wide=options.wide)


def measure(lines: int, folder: Path, *, is_wide: bool) -> int:
    from django.core.management import call_command
    from django.db import connection
    from django.test import override_settings

    with override_settings(STORAGES=PLAIN_STATIC_FILES):
        call_command("collectstatic", interactive=False, verbosity=0)
    if connection.vendor == "sqlite":
        connection.settings_dict["TEST"]["NAME"] = str(folder / "benchmark.sqlite3")
    name = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0)
    slowest = 0.0
    try:
        world = World(lines, folder)
        for file in (world.csv_file(), world.workbook(is_wide=is_wide)):
            with servers(folder) as running:
                slowest = max(slowest, run(file, running, cookie=world.session))
        world.check(files=2)
    finally:
        connection.close()
        connection.creation.destroy_test_db(name, verbosity=0)
    print(f"yardstick {yardstick():.0f} ms")
    print(f"slowest preview {slowest:.1f} s (limit {LIMIT_SECONDS:.0f} s)")
    return int(slowest > LIMIT_SECONDS)


def run(file: Path, running: Servers, *, cookie: str) -> float:
    """Upload, wait for the preview, store; returns the seconds until the preview stood there."""
    from django.db import connection

    browser = Browser(running.url, cookie)
    browser.get("/entry/imports/new/")
    idle, before = running.peak_megabytes(), running.cpu_seconds()
    started = time.monotonic()
    page = browser.upload(file)
    uploaded = time.monotonic()
    shown = browser.wait_for(page)
    previewed, cpu_preview = time.monotonic(), running.cpu_seconds()
    peaks = running.peak_megabytes()
    seen = re.search(r'name="seen" value="([^"]+)"', shown)
    if seen is None:
        raise SystemExit(f"{file.name} is refused:\n{shown}")
    browser.post(f"{page}store/", {"seen": seen[1], "confirmed": "1"})
    asked = time.monotonic()
    browser.wait_for(page)
    stored, cpu_stored = time.monotonic(), running.cpu_seconds()
    memory = ", ".join(
        f"{name} {idle[name]:.0f} → {peaks[name]:.0f} → {peak:.0f} MB"
        for name, peak in running.peak_megabytes().items()
    )
    print(
        f"{connection.vendor}, {file.suffix[1:]} of {file.stat().st_size / 1e6:.1f} MB: "
        f"upload {uploaded - started:.1f} s, preview after {previewed - started:.1f} s "
        f"(CPU {cpu_preview - before:.1f} s), stored in {stored - asked:.1f} s "
        f"(CPU {cpu_stored - cpu_preview:.1f} s); peak idle → preview → stored: {memory}",
        flush=True,
    )
    return previewed - started


def yardstick() -> float:
    """Milliseconds of a bare loop of a million steps, the best of three."""

    def loop() -> float:
        started = time.perf_counter()
        sum(each * each for each in range(1_000_000))
        return (time.perf_counter() - started) * 1000

    return min(loop() for _turn in range(3))


class Browser:
    """As much of one as the pages need: cookies, the token, and the progress script's questions."""

    def __init__(self, url: str, session: str) -> None:
        self.host = urlsplit(url).netloc
        self.cookies = {"sessionid": session}
        self.token = ""

    def get(self, path: str) -> str:
        return self._ask("GET", path)[1]

    def post(self, path: str, fields: dict[str, str]) -> str:
        """Returns the address that it leads to."""
        return self._send(path, b"".join(self._parts(fields)) + f"--{BOUNDARY}--\r\n".encode())

    def upload(self, file: Path) -> str:
        head = (
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; '
            f'filename="{file.name}"\r\nContent-Type: application/octet-stream\r\n\r\n'
        )
        fields = b"".join(self._parts({"correction_reason": REASON}))
        tail = f"\r\n--{BOUNDARY}--\r\n"
        return self._send(
            "/entry/imports/new/", fields + head.encode() + file.read_bytes() + tail.encode()
        )

    def wait_for(self, page: str) -> str:
        """The page once the job is done with it."""
        stop_at = time.monotonic() + SECONDS_AT_MOST
        while "data-progress" in self.get(f"{page}progress/"):
            if time.monotonic() > stop_at:
                raise SystemExit("the job does not come to its end")
            time.sleep(SECONDS_BETWEEN_LOOKS)
        return self.get(page)

    def _parts(self, fields: dict[str, str]) -> Iterator[bytes]:
        for name, text in {"csrfmiddlewaretoken": self.token, **fields}.items():
            head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'
            yield f"{head}{text}\r\n".encode()

    def send(
        self, path: str, fields: dict[str, str], *, expected: int, headers: dict[str, str]
    ) -> str:
        """As `post`, of a script that says who it is and is answered with a status of its own."""
        body = b"".join(self._parts(fields)) + f"--{BOUNDARY}--\r\n".encode()
        return self._send(path, body, expected=expected, more=headers)

    def _send(
        self, path: str, body: bytes, *, expected: int = 302, more: dict[str, str] | None = None
    ) -> str:
        status, page, location = self._answer("POST", path, body, more)
        if status != expected:
            raise SystemExit(f"{path} answers {status}:\n{page}")
        return location

    def _ask(self, method: str, path: str) -> tuple[int, str]:
        status, page, _location = self._answer(method, path, None)
        if status != 200:
            raise SystemExit(f"{path} answers {status}:\n{page}")
        return status, page

    def _answer(
        self, method: str, path: str, body: bytes | None, more: dict[str, str] | None = None
    ) -> tuple[int, str, str]:
        connection = HTTPConnection(self.host, timeout=120)
        headers = {"Cookie": "; ".join(f"{name}={text}" for name, text in self.cookies.items())}
        headers |= more or {}
        if body is not None:
            headers["Content-Type"] = f"multipart/form-data; boundary={BOUNDARY}"
        connection.request(method, path, body=body, headers=headers)
        answer = connection.getresponse()
        page = answer.read().decode()
        for each in answer.headers.get_all("Set-Cookie") or []:
            name, _, text = each.partition(";")[0].partition("=")
            self.cookies[name] = text
        if token := re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page):
            self.token = token[1]
        location = answer.headers.get("Location", "")
        connection.close()
        return answer.status, page, location


@dataclass(frozen=True)
class Cell:
    """A figure that a file holds. stored: what stands there already; empty where nothing does."""

    series: str
    number: int
    year: int
    value: str
    stored: str


class World:
    """A department with so many series that each file holds other figures of it.

    new: tenths of the lines that say something new; one tenth are corrections, the others say what
    stands there already.
    """

    def __init__(self, lines: int, folder: Path, *, new: int = 5) -> None:
        from django.test import Client

        from tests.factories import make_area, make_department, make_official, make_round

        self.lines, self.folder, self.new = lines, folder, new
        self.area = make_area("370000", name_zh="山东省", name_en="Shandong")
        self.department = make_department(self.area, "省市场监管局")
        make_round(self.area, *YEARS)
        self.official = make_official("wang", self.department)
        client = Client()
        client.force_login(self.official)
        self.session = client.cookies["sessionid"].value

    def csv_file(self) -> Path:
        from targets_site.csv_text import BOM, as_csv

        path = self.folder / "figures.csv"
        headings, rows = self._rows("csv")
        with path.open("w", encoding="utf-8", newline="") as file:
            file.write(BOM + as_csv([headings, *rows]))
        return path

    def workbook(self, *, is_wide: bool) -> Path:
        """As Excel keeps it: texts in one place, figures as numbers."""
        import xlsxwriter

        from indicators.exports.template import WIDTHS
        from indicators.import_columns import BY_KEY

        path = self.folder / "figures.xlsx"
        every, rows = self._rows("xlsx")
        keys = [BY_KEY[key].heading_en for key in WIDTHS if key in BY_KEY]
        headings = every if is_wide else [each for each in every if each in keys]
        rows = [[row[every.index(each)] for each in headings] for row in rows]
        numbers = [headings.index(name) for name in ("year", "value")]
        with xlsxwriter.Workbook(str(path), {"strings_to_numbers": False}) as book:
            sheet = book.add_worksheet("数据")
            for number, row in enumerate([headings, *rows]):
                for place, cell in enumerate(row):
                    if number and place in numbers and cell:
                        sheet.write_number(number, place, float(cell))
                    elif cell:
                        sheet.write_string(number, place, cell)
        return path

    def check(self, *, files: int, beside: int = 0) -> None:
        """Everything that was new or changed is a draft now, and so many saved beside it."""
        from indicators.models import ObservationVersion

        drafts = ObservationVersion.objects.filter(state="draft").count()
        expected = beside + files * sum(
            cell.value != cell.stored for cell in _cells(self.lines, "x", new=self.new)
        )
        if drafts != expected:
            raise SystemExit(f"{drafts} drafts instead of {expected}")

    def _rows(self, name: str) -> tuple[list[str], list[list[str]]]:
        """With the headings of our own export; the figures that stand there already are stored."""
        from reports.exports.observations import OBSERVATIONS

        cells = list(_cells(self.lines, name, new=self.new))
        series = self._make_series(name, 1 + cells[-1].number)
        self._store([cell for cell in cells if cell.stored], series)
        headings = OBSERVATIONS.headings
        rows = []
        for cell in cells:
            said = {
                "series": cell.series, "area_code": "370000", "area_zh": "山东省",
                "indicator_code": f"{name}{cell.number:05}",
                "indicator_zh": f"第{cell.number}项指标",
                "indicator_en": f"Indicator {cell.number}", "scope": "all", "year": str(cell.year),
                "value": cell.value, "unit": "%", "bound": "exact", "obs_status": "A",
                **SOURCE, "source_grade": "reported", "state": "approved", "version": "1",
                "entered_by": "wang",
            }  # fmt: skip
            rows.append([said.get(heading, "") for heading in headings])
        return headings, rows

    def _make_series(self, name: str, number: int) -> dict[str, int]:
        """Ids by code."""
        from indicators.models import Indicator, Series, SeriesDepartment
        from tests.factories import make_indicator

        first = make_indicator(f"{name}-first")
        fields = {
            field.attname: getattr(first, field.attname)
            for field in Indicator._meta.concrete_fields
            if not field.primary_key
        }
        names = [(f"{name}{each:05}", each) for each in range(number)]
        indicators = Indicator.objects.bulk_create(
            Indicator(**fields | {"code": code, "name_zh": f"第{each}项指标",
                                  "name_en": f"Indicator {each}"})
            for code, each in names
        )  # fmt: skip
        series = Series.objects.bulk_create(
            Series(code=f"370000.{each.code}.all", area=self.area, indicator=each, scope="all")
            for each in indicators
        )
        SeriesDepartment.objects.bulk_create(
            SeriesDepartment(series=each, department=self.department) for each in series
        )
        return {each.code: each.pk for each in series}

    def _store(self, cells: list[Cell], series: dict[str, int]) -> None:
        """As approved figures in force."""
        from django.db import connection
        from django.db.models import OuterRef, Subquery
        from django.utils import timezone

        from indicators.models import Observation, ObservationVersion

        observations = Observation.objects.bulk_create(
            Observation(series_id=series[cell.series], year=cell.year) for cell in cells
        )
        ObservationVersion.objects.bulk_create(
            ObservationVersion(
                observation=observation, number=1, value=cell.stored, stated_decimals=2,
                state="approved", source_grade="reported", entered_by=self.official,
                entered_at=timezone.now(), source_title=SOURCE["source_title"],
                source_url=SOURCE["source_url"], published_on=SOURCE["published_on"],
                remark=SOURCE["note"],
            )
            for cell, observation in zip(cells, observations, strict=True)
        )  # fmt: skip
        versions = ObservationVersion.objects.filter(observation=OuterRef("pk"))
        newest = Subquery(versions.order_by("-number").values("pk")[:1])
        Observation.objects.filter(in_force=None).update(in_force=newest, working=newest)
        # As the database does by itself where rows have stood for a minute.
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


SOURCE = {
    "source_title": "2020年山东省产品质量状况公报", "published_on": "2021-03-15",
    "source_url": "https://amr.shandong.gov.cn/art/2021/3/15/art_76477_10287650.html",
    "note": "-以省级监督抽查结果为准，不含自愿性认证产品",
}  # fmt: skip


def _cells(lines: int, name: str, *, new: int) -> Iterator[Cell]:
    """Year by year; see `World`."""
    for line in range(lines):
        number, place = divmod(line, len(YEARS))
        value = f"{90 + (number * 7 + place) % 9}.{(line * 13) % 90 + 10}"
        kind = (number + place) % 10
        stored = "" if kind < new else value if kind < 9 else "95.05"
        series = f"370000.{name}{number:05}.all"
        yield Cell(series, number, YEARS[place], value, stored)


if __name__ == "__main__":
    sys.exit(main())
