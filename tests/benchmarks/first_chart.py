"""Until a reader sees the first chart: our target page against the same page with all of Plotly.

    .venv/bin/python -m tests.benchmarks.first_chart [--runs 5]

The product with the real data in a new SQLite file, as it is deployed, behind a small server of
this script that hands the pages on and, on the other page, names the whole bundle (of the Python
package, of the same version) in place of ours. Chromium starts each run with an empty cache. Ours
counts until the first mark of any drawing of the chart is in the page and painted, the other until
Plotly's first mark is. Once plainly, and once as over an office line (10 Mbit/s, 40 ms) on a slow
machine (a quarter of the processor's speed). Prints medians in milliseconds with their ratio, and
requests and kB of the first view and of a second page with a chart. Exits with 1 above a limit.
"""

import argparse
import os
import re
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from statistics import median
from typing import Any

import brotli

from tests.benchmarks.pages import prepare, web
from tests.conftest import CHROMIUM, CHROMIUM_ARGS

RATIO_LIMITS = {"plain": 0.4, "office": 0.3}
KB_AT_MOST, REQUESTS_AT_MOST = 450, 12
WHOLE = "/static/whole/plotly.min.js"
ANY_MARK = ".chart__drawing svg :is(path, circle, polyline, rect)"
PLOTLYS_MARK = ".js-plotly-plot .scatterlayer path"
# The time is taken when the mark is in the page, after the frame in which it was painted.
WATCH = """selector => {
  const look = () => document.querySelector(selector)
    ? requestAnimationFrame(() => setTimeout(() => { window.firstMark = performance.now(); }))
    : requestAnimationFrame(look);
  look();
}"""


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=5)
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as folder:
        os.environ["VAR_DIR"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "targets_site.settings"
        os.environ.update(OPEN_READING="1", LOG_LEVEL="WARNING", DEBUG="0")
        for name in ("DATABASE_URL", "REDIS_URL"):
            os.environ.pop(name, None)
        import django

        django.setup()
        prepare(is_new=True)
        first, second = targets_with_most_figures()
        with web(Path(folder), "targets_site.wsgi") as ours, handed_on(ours.port) as pages:
            return compare(pages, first, second, runs)


def targets_with_most_figures() -> list[str]:
    """Addresses of two pages with a chart."""
    from django.db.models import Count

    from indicators.models import TargetReading

    readings = TargetReading.objects.in_force().filter(target__superseded_at=None)
    counted = readings.annotate(figures=Count("series__observations")).order_by("-figures", "pk")
    return [f"/targets/{each.target.code}/" for each in counted.select_related("target")[:2]]


@dataclass(frozen=True)
class Pages:
    """Addresses of both servers; the bundles' sizes do not depend on the page."""

    ours: str
    whole: str


def compare(pages: Pages, first: str, second: str, runs: int) -> int:
    fits = True
    # Playwright's loop runs in this thread, which Django would take for its own.
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=CHROMIUM_ARGS)
        for line, limit in RATIO_LIMITS.items():
            times: dict[str, list[float]] = {pages.ours: [], pages.whole: []}
            # One each that is not counted; then in turns.
            for run in range(runs + 1):
                for server, mark in ((pages.ours, ANY_MARK), (pages.whole, PLOTLYS_MARK)):
                    with tab(browser, is_slow=line == "office") as page:
                        page.add_init_script(f"({WATCH})({mark!r})")
                        page.goto(server + first)
                        page.wait_for_function("window.firstMark", timeout=60_000)
                        if run:
                            times[server].append(page.evaluate("window.firstMark"))
            ours, whole = median(times[pages.ours]), median(times[pages.whole])
            ratio = ours / whole
            fits = fits and ratio <= limit
            print(
                f"{line}: first chart {ours:.0f} ms, with all of Plotly {whole:.0f} ms, "
                f"ratio {ratio:.2f} (limit {limit})",
                flush=True,
            )
        fits = weigh(browser, pages.ours, first, second) and fits
        browser.close()
    return int(not fits)


@contextmanager
def tab(browser: Any, *, is_slow: bool = False) -> Iterator[Any]:
    """A page with a cache of its own."""
    context = browser.new_context(
        locale="zh-CN", viewport={"width": 1280, "height": 900}, bypass_csp=True
    )
    page = context.new_page()
    if is_slow:
        control = context.new_cdp_session(page)
        control.send("Network.enable")
        bytes_a_second = 10_000_000 / 8
        control.send(
            "Network.emulateNetworkConditions",
            {
                "offline": False,
                "latency": 40,
                "downloadThroughput": bytes_a_second,
                "uploadThroughput": bytes_a_second,
            },
        )
        control.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    try:
        yield page
    finally:
        context.close()


@dataclass
class Weighed:
    """What came over the line: kB with headers, by address."""

    came: dict[str, float] = field(default_factory=dict)

    @property
    def kilobytes(self) -> float:
        return sum(self.came.values())

    def said(self) -> str:
        return f"{len(self.came)} requests, {self.kilobytes:.0f} kB"


def weigh(browser: Any, server: str, first: str, second: str) -> bool:
    view, again = weighed_views(browser, server, first, second)
    print(f"first view: {view.said()} (limits {REQUESTS_AT_MOST}, {KB_AT_MOST} kB)")
    more = [address for address in again.came if address != server + second]
    print(f"second page: {again.said()} (limit 1: the page)", *more)
    is_light = view.kilobytes <= KB_AT_MOST and len(view.came) <= REQUESTS_AT_MOST
    return is_light and len(again.came) == 1


def weighed_views(browser: Any, server: str, first: str, second: str) -> "tuple[Weighed, Weighed]":
    """What comes for the first page to a browser without anything, and for a second one then."""
    with tab(browser) as page:
        control = page.context.new_cdp_session(page)
        control.send("Network.enable")
        view = watch(control)
        page.goto(server + first, wait_until="networkidle")
        # What was watched first would count the second page, too.
        came = Weighed(dict(view.came))
        again = watch(control)
        page.goto(server + second, wait_until="networkidle")
    return came, again


def watch(control: Any) -> Weighed:
    """What comes from now on; nothing that the browser still had."""
    found, named = Weighed(), {}
    kept: set[str] = set()

    def ask(event: Any) -> None:
        named[event["requestId"]] = event["request"]["url"]

    def answer(event: Any) -> None:
        if event["response"].get("fromDiskCache"):
            kept.add(event["requestId"])

    def finish(event: Any) -> None:
        number = event["requestId"]
        if number in named and number not in kept and not named[number].startswith("data:"):
            found.came[named[number]] = event["encodedDataLength"] / 1024

    control.on("Network.requestWillBeSent", ask)
    control.on("Network.requestServedFromCache", lambda event: kept.add(event["requestId"]))
    control.on("Network.responseReceived", answer)
    control.on("Network.loadingFinished", finish)
    return found


@contextmanager
def handed_on(port: int) -> Iterator[Pages]:
    """Two servers before the product's: one that changes nothing, and one with all of Plotly."""
    import plotly

    path = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
    # As well compressed as ours.
    bundle = brotli.compress(path.read_bytes(), quality=9)
    servers = [server(port, b""), server(port, bundle)]
    for each in servers:
        threading.Thread(target=each.serve_forever, daemon=True).start()
    ours, whole = (f"http://127.0.0.1:{each.server_port}" for each in servers)
    try:
        yield Pages(ours, whole)
    finally:
        for each in servers:
            each.shutdown()


def server(port: int, bundle: bytes) -> ThreadingHTTPServer:
    """bundle: of the script that takes the place of ours; empty leaves pages as they are."""

    class HandOn(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            if self.path == WHOLE:
                headers = [("Content-Type", "text/javascript"), ("Content-Encoding", "br")]
                self.send(200, headers, bundle)
                return
            line = HTTPConnection("127.0.0.1", port, timeout=60)
            wanted = {name: self.headers[name] for name in self.headers if name != "Host"}
            if bundle:
                wanted = {n: v for n, v in wanted.items() if n.lower() != "accept-encoding"}
                wanted |= {"Accept-Encoding": "br" if self.path.startswith("/static/") else ""}
            line.request("GET", self.path, headers=wanted)
            response = line.getresponse()
            body = response.read()
            headers = response.getheaders()
            if bundle and "html" in response.headers["Content-Type"]:
                text = body.decode()
                text = re.sub(r"/static/[^\"]*plotly-basic\.min[^\"]*\.js", WHOLE, text)
                body = brotli.compress(text.encode(), quality=4)
                headers.append(("Content-Encoding", "br"))
            self.send(response.status, headers, body)

        def send(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
            self.send_response(status)
            own = {"content-length", "connection", "date", "server", "transfer-encoding"}
            for name, value in headers:
                if name.lower() not in own:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args: object) -> None:
            """Nobody reads it."""

    return ThreadingHTTPServer(("127.0.0.1", 0), HandOn)


if __name__ == "__main__":
    sys.exit(main())
