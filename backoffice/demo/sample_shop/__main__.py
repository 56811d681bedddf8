"""`python -m backoffice.demo.sample_shop`: the shop in its own process, until SIGTERM or Ctrl-C."""

import argparse
import logging
import os
import signal
import threading
from pathlib import Path

from backoffice.demo.sample_shop.application import Shop
from backoffice.demo.sample_shop.server import HOST, Listener, tls_context

TLS_NAME = "fromagerie.example"


def main() -> None:
    """Read the arguments, open both doors, wait for a signal."""
    parser = argparse.ArgumentParser(prog="sample_shop", description="Boutique d’exemple de la démonstration")
    parser.add_argument("--port", type=int, required=True, help="port http (TEST)")
    parser.add_argument("--tls-port", type=int, required=True, help="port https (PRODUCTION)")
    parser.add_argument("--certificate", type=Path, required=True, help=f"certificat PEM de {TLS_NAME}")
    parser.add_argument("--key", type=Path, required=True, help="clé privée PEM du certificat")
    parser.add_argument("--platform", required=True, help="adresse de la plateforme, sans barre finale")
    parser.add_argument("--data", type=Path, required=True, help="dossier des commandes et des réglages")
    options = parser.parse_args()

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    os.umask(0o077)  # the settings hold certificates
    options.data.mkdir(parents=True, exist_ok=True)
    shop = Shop(
        folder=options.data,
        shop_url=f"http://{HOST}:{options.port}",
        tls_url=f"https://{TLS_NAME}:{options.tls_port}",
        platform=options.platform.rstrip("/"),
    )
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    with (
        Listener(options.port, shop) as plain,
        Listener(options.tls_port, shop, tls=tls_context(options.certificate, options.key)) as secure,
    ):
        for listener in (plain, secure):
            threading.Thread(target=listener.serve_forever, kwargs={"poll_interval": 0.2}, daemon=True).start()
        stopped.wait()
        for listener in (plain, secure):
            listener.shutdown()


if __name__ == "__main__":
    main()
