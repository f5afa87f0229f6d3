"""The proxy of `docker-compose.yml` with its own file, as a process of this machine. Its web are
addresses of a name, as containers are, one or two of them at one port."""

import os
import re
import shutil
import signal
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings

from targets_site.operations import make_secrets
from tests.conftest import leave_out
from tests.services.servers import (
    CERTIFICATES,
    COMPOSE,
    LOCAL,
    SECONDS_TO_START,
    Server,
    answers,
    free_port,
    wait_until,
)

ITS_FOLDER = settings.BASE_DIR / "targets_site" / "operations" / "proxy"
# Where web is while there is one, and where the next one comes up beside it.
WEB, NEXT_WEB = "127.0.0.2", "127.0.0.3"


@dataclass
class Proxy:
    """folder: for logs and what it writes. secrets: with its certificate and key. web_port: of each
    web, at whichever address."""

    folder: Path
    secrets: Path
    web_port: int
    port: int = field(default_factory=free_port)
    plain_port: int = field(default_factory=free_port)
    alive_port: int = field(default_factory=free_port)
    names_port: int = field(default_factory=free_port)
    nginx: Server = field(init=False)
    names: Server = field(init=False)

    def __post_init__(self) -> None:
        (self.folder / "nginx").mkdir(parents=True, exist_ok=True)
        self.nginx = Server(self._command(), self.folder / "proxy.log", dict(os.environ))
        # In place of Docker's own names, which are as short-lived.
        command = [
            _program("dnsmasq"), "--keep-in-foreground", "--conf-file=/dev/null", "--pid-file=",
            "--user=", "--no-resolv", "--no-hosts", f"--addn-hosts={self._hosts}", "--local-ttl=0",
            f"--port={self.names_port}", f"--listen-address={LOCAL}", "--bind-interfaces",
        ]  # fmt: skip
        self.names = Server(command, self.folder / "names.log", dict(os.environ))
        CERTIFICATES[self.url] = self.secrets / make_secrets.CERTIFICATE

    @property
    def url(self) -> str:
        return f"https://{LOCAL}:{self.port}"

    @property
    def _hosts(self) -> Path:
        return self.folder / "hosts"

    def start(self) -> None:
        self.tell_of(WEB)
        self.names.start()
        self.nginx.start()
        wait_until(lambda: answers(self.port), seconds=SECONDS_TO_START)

    def tell_of(self, *addresses: str) -> None:
        """Where web is from now on."""
        lines = "".join(f"{address} web\n" for address in addresses)
        self._hosts.write_text(lines, encoding="utf-8")
        if hasattr(self.names, "process"):
            self.names.process.send_signal(signal.SIGHUP)

    def end(self) -> None:
        for server in (self.nginx, self.names):
            if hasattr(server, "process"):
                server.end()

    def _command(self) -> list[str]:
        text = (ITS_FOLDER / "nginx.conf").read_text(encoding="utf-8")
        ours = self.folder / "nginx.conf"
        ours.write_text(self._here(text), encoding="utf-8")
        program, *arguments = COMPOSE["services"]["proxy"]["command"]
        at = arguments.index("/etc/nginx/targets/nginx.conf")
        return [_program(program), *arguments[:at], str(ours), *arguments[at + 1 :]]

    def _here(self, text: str) -> str:
        """Its file, with the places of this machine in place of a container's."""
        places = {
            "/tmp/": f"{self.folder}/nginx/",
            "/run/secrets/": f"{self.secrets}/",
            "/etc/nginx/targets": str(ITS_FOLDER),
            "resolver 127.0.0.11": f"resolver {LOCAL}:{self.names_port}",
            "web:8000": f"web:{self.web_port}",
            "listen 127.0.0.1:8081": f"listen {LOCAL}:{self.alive_port}",
            "listen 8080": f"listen {LOCAL}:{self.plain_port}",
            "listen 8443": f"listen {LOCAL}:{self.port}",
        }
        found = set(re.findall("|".join(map(re.escape, places)), text))
        assert found == set(places), "each of them stands in the file"
        return re.sub("|".join(map(re.escape, places)), lambda each: places[each[0]], text)


def _program(name: str) -> str:
    """Debian keeps them where only root looks."""
    found = shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin")
    return found or leave_out(
        "the proxy's programs are missing (apt-get install nginx dnsmasq-base)"
    )
