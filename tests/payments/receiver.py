"""A shop's notification address on the loopback: a real HTTP server that keeps what it receives."""

import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl


@dataclass
class Receiver:
    """`status`, `answer` and `headers` may be changed while it runs; `calls` holds (headers, pairs) as received."""

    url: str = ""
    authority: str = ""
    status: int = 200
    answer: str = "OK"
    headers: dict = field(default_factory=dict)
    delay: float = 0.0
    calls: list = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0

    @property
    def forms(self):
        return [dict(pairs) for _, pairs in self.calls]


@contextmanager
def receiving(**behaviour):
    """Serve until the block ends; gives the Receiver."""
    receiver = Receiver(**behaviour)
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"])).decode("ascii")
            with lock:
                receiver.calls.append(
                    (dict(self.headers), parse_qsl(body, keep_blank_values=True, strict_parsing=True))
                )
                receiver.at_once += 1
                receiver.most_at_once = max(receiver.most_at_once, receiver.at_once)
            time.sleep(receiver.delay)
            with lock:
                receiver.at_once -= 1
            answer = receiver.answer.encode()
            self.send_response(receiver.status)
            for name, value in receiver.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_):
            return None

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_):
            # A caller that goes away is part of what is tested.
            return None

    server = Server(("127.0.0.1", 0), Handler)
    receiver.authority = f"127.0.0.1:{server.server_port}"
    receiver.url = f"http://{receiver.authority}/ipn"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
