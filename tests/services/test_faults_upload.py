"""A client that dies while it sends a file, or says a wrong length of it: nothing is stored, and no
file stays behind."""

import os
import socket
import struct
from pathlib import Path

import pytest
from django.conf import settings as project_settings

from indicators.models import Attachment, Import, Job
from targets_site.audit.models import Entry
from tests.services.oracle import World
from tests.services.people import Person
from tests.services.servers import LOCAL, wait_until

pytestmark = [
    pytest.mark.services,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(project_settings.EMBEDDED, reason="the service mode's server"),
]
BOUNDARY = "part"
# More than is kept in memory: the rest of it goes into a file for the while.
LINES = "2020,990000,某省,pass-rate,%,98.5,\n" * 120_000


@pytest.fixture
def uploads(tmp_path, monkeypatch):
    """Where the web process puts what is on its way."""
    folder = tmp_path / "uploads"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    return folder


@pytest.fixture
def official(uploads, site):
    World(1)
    site.web()
    person = Person.signed_in(site.url, "official")
    person.get("/entry/imports/new/")
    return person


def body_of(person):
    token = next(each.value for each in person.cookies if each.name == "csrftoken")
    disposition = "Content-Disposition: form-data; name="
    parts = [
        f'{disposition}"csrfmiddlewaretoken"\r\n\r\n{token}',
        f'{disposition}"file"; filename="figures.csv"\r\nContent-Type: text/csv\r\n\r\n{LINES}',
    ]
    return "".join(f"--{BOUNDARY}\r\n{each}\r\n" for each in parts).encode() + (
        f"--{BOUNDARY}--\r\n".encode()
    )


def asked(site, person, *, length):
    """A connection on which the head of the request was sent."""
    cookies = "; ".join(f"{each.name}={each.value}" for each in person.cookies)
    head = [
        "POST /entry/imports/new/ HTTP/1.1",
        f"Host: {LOCAL}:{site.port}",
        f"Cookie: {cookies}",
        f"Content-Type: multipart/form-data; boundary={BOUNDARY}",
        f"Content-Length: {length}",
        "Connection: close",
    ]
    one = socket.create_connection((LOCAL, site.port), 30)
    one.sendall(("\r\n".join(head) + "\r\n\r\n").encode())
    return one


def answer_on(one):
    received = b""
    while block := one.recv(65536):
        received += block
    return received.decode("utf-8", "replace")


def what_is_stored(site):
    files = site.var / "files"
    return (
        Import.objects.count(),
        Attachment.objects.count(),
        Job.objects.count(),
        Entry.objects.count(),
        sorted(each for each in files.rglob("*") if each.is_file()) if files.exists() else [],
    )


def nothing_is_left(site, uploads, before):
    return what_is_stored(site) == before and not list(uploads.iterdir())


def files_held(site, uploads):
    """What web workers have open in that folder, with a name or without."""
    workers = [pid for each in site.running for pid in each.children()]
    opened = [link for pid in workers for link in Path(f"/proc/{pid}/fd").iterdir()]
    return [each for each in map(target_of, opened) if each.startswith(str(uploads))]


def target_of(link):
    try:
        return os.readlink(link)
    except FileNotFoundError:  # closed by now
        return ""


@pytest.mark.parametrize("how", ["cut", "reset"])
def test_f19_client_that_dies_in_the_middle_of_its_file(site, official, uploads, how):
    body, before = body_of(official), what_is_stored(site)

    with asked(site, official, length=len(body)) as one:
        one.sendall(body[: len(body) * 3 // 4])
        wait_until(lambda: files_held(site, uploads), seconds=10)
        if how == "reset":
            one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    took = wait_until(lambda: nothing_is_left(site, uploads, before), seconds=10)
    print(f"nothing is left after {took:.2f} s")
    assert official.get("/entry/imports/new/").status == 200


def test_f19_client_that_says_too_great_a_length(site, official, uploads):
    """Its whole form came, but not all that it announced: it was cut, wherever."""
    body, before = body_of(official), what_is_stored(site)

    with asked(site, official, length=len(body) + 1000) as one:
        one.sendall(body)
        one.shutdown(socket.SHUT_WR)
        said = answer_on(one)

    wait_until(lambda: nothing_is_left(site, uploads, before), seconds=30)
    print(said.split("\r\n")[0])
    assert said.split(" ")[1] == "403"
    assert "未作任何保存" in said


def test_f19_client_that_says_too_small_a_length(site, official, uploads):
    """What was announced is half a file, and half a file is refused."""
    body, before = body_of(official), what_is_stored(site)

    with asked(site, official, length=len(body) // 2) as one:
        one.sendall(body[: len(body) // 2])
        said = answer_on(one)

    wait_until(lambda: nothing_is_left(site, uploads, before), seconds=30)
    print(said.split("\r\n")[0])
    assert said.split(" ")[1] in {"400", "422"}
