"""A mail server on this machine that keeps what it is given, and refuses some addresses."""

import socketserver
import threading
from contextlib import contextmanager
from email import message_from_bytes, policy


class _Session(socketserver.StreamRequestHandler):
    def handle(self):
        self.answer(220, "ready")
        for line in self.rfile:
            word = line.split(None, 1)[0].upper() if line.strip() else b""
            if word == b"QUIT":
                self.answer(221, "bye")
                return
            self.take(word, line)

    def take(self, word, line):
        if word == b"RCPT" and any(each.encode() in line for each in self.server.refused):
            self.answer(550, "no such mailbox")
        elif word == b"DATA":
            self.answer(354, "go on")
            lines = list(iter(self.rfile.readline, b".\r\n"))
            self.server.messages.append(message_from_bytes(b"".join(lines), policy=policy.default))
            self.answer(250, "taken")
        else:
            self.answer(250, "fine")

    def answer(self, code, text):
        self.wfile.write(f"{code} {text}\r\n".encode())


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True


@contextmanager
def mail_server(*, refused=()):
    """A server with `messages` (as they came) at `server_address`; refused: addresses."""
    with _Server(("127.0.0.1", 0), _Session) as server:
        server.messages, server.refused = [], refused
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()
