"""A mail server of our own on this machine: it says what a test wants it to say, and keeps what it was given."""

import socket
import socketserver
import threading
from contextlib import contextmanager
from types import SimpleNamespace


class _Talk(socketserver.StreamRequestHandler):
    timeout = 20

    def handle(self):
        said = self.server.said
        self._say("220 mx.test ESMTP")
        for line in self.rfile:
            verb = line[:4].upper().strip()
            if verb == b"DATA":
                self._say("354 go on")
                self.server.received.append(b"".join(iter(self.rfile.readline, b".\r\n")))
            if verb == b"QUIT" and said.hangs_up:
                # A line that no client reads to its end.
                self._say("221 " + "x" * 9000)
                return
            self._say(getattr(said, verb.decode().lower(), "250 ok"))
            if verb == b"QUIT":
                return

    def _say(self, words):
        self.wfile.write(words.encode("utf-8", "surrogateescape") + b"\r\n")


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True
    address_family = socket.AF_INET


@contextmanager
def running(*, hangs_up=False, **answers):
    """The server, its port and what it received; `data="554 no"` answers a verb in other words than « 250 ok »."""
    with _Server(("127.0.0.1", 0), _Talk) as server:
        server.received = []
        server.said = SimpleNamespace(hangs_up=hangs_up, **answers)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield SimpleNamespace(port=server.server_address[1], received=server.received)
        server.shutdown()
        thread.join()
