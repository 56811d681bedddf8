"""The client's address is the one the trusted proxies saw."""

import pytest
from django.test import RequestFactory

from backoffice.core.requests import client_address

SPOOFED = {
    "HTTP_X_REAL_IP": "198.51.100.1",
    "HTTP_FORWARDED": "for=198.51.100.2",
    "HTTP_X_FORWARDED_FOR": "198.51.100.3, 203.0.113.9, 203.0.113.10",
}


@pytest.mark.parametrize(
    ("proxies", "address"), [(0, "192.0.2.1"), (1, "203.0.113.10"), (2, "203.0.113.9"), (5, "192.0.2.1")]
)
def test_auth_09_only_the_trusted_proxies_are_believed(settings, proxies, address):
    settings.TRUSTED_PROXY_COUNT = proxies
    request = RequestFactory().get("/", REMOTE_ADDR="192.0.2.1", **SPOOFED)
    assert client_address(request) == address


@pytest.mark.parametrize("nonsense", ["", "unknown", "1.2.3.4.5", "<script>"])
def test_auth_09_an_address_that_is_none_is_empty(nonsense):
    assert client_address(RequestFactory().get("/", REMOTE_ADDR=nonsense)) == ""


def test_auth_09_an_ipv4_address_written_as_ipv6_is_that_ipv4_address():
    assert client_address(RequestFactory().get("/", REMOTE_ADDR="::ffff:192.0.2.1")) == "192.0.2.1"
