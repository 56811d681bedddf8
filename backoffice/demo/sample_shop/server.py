"""Two listeners for one shop, each call in its own thread: http for TEST, https for PRODUCTION."""

import logging
import socket
import ssl
from pathlib import Path
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from backoffice.demo.sample_shop.application import Shop

HOST = "127.0.0.1"
IDLE_SECONDS = 75

logger = logging.getLogger("boutique")


class Listener(ThreadingMixIn, WSGIServer):
    """A WSGI server whose threads never hold back the end of the process."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(self, port: int, shop: Shop, *, tls: ssl.SSLContext | None = None) -> None:
        self._tls = tls
        super().__init__((HOST, port), Handler)
        self.set_app(shop)

    def server_bind(self) -> None:
        """Bind without asking the network for this machine's name, which can take seconds."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = HOST, self.server_address[1]
        self.setup_environ()

    def finish_request(self, request, client_address) -> None:  # type: ignore[no-untyped-def]
        """Shake hands here, in the call's own thread: a mute client keeps nobody else waiting."""
        request.settimeout(IDLE_SECONDS)
        if self._tls is not None:
            try:
                request = self._tls.wrap_socket(request, server_side=True)
            except OSError as fault:
                logger.info("tls handshake refused: %s", fault)
                return
        super().finish_request(request, client_address)
        if self._tls is not None:
            request.close()


class Handler(WSGIRequestHandler):
    """One line of log a request, without its query string: signed values stay out of logs."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the parent's signature
        logger.info("%s %s", self.command, (self.path or "").partition("?")[0])


def tls_context(certificate: Path, key: Path) -> ssl.SSLContext:
    """The server's side of TLS, from two PEM files."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context
