"""Whose word counts about who is asking. Nobody's, unless TRUSTED_PROXIES names them."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpResponse
from django.test import RequestFactory

from clinic_site.middleware.proxies import TrustedProxiesMiddleware


def seen(settings, trusted, peer, forwarded_for="", scheme="https"):
    """Address and scheme as the site's views see them, and what is left of the headers."""
    settings.TRUSTED_PROXIES = trusted
    request = RequestFactory().get(
        "/",
        REMOTE_ADDR=peer,
        headers={"x-forwarded-for": forwarded_for, "x-forwarded-proto": scheme},
    )
    TrustedProxiesMiddleware(lambda request: HttpResponse())(request)
    left = [name for name in request.META if name.startswith("HTTP_X_FORWARDED")]
    return request.META["REMOTE_ADDR"], request.scheme, left


@pytest.mark.parametrize(
    ("trusted", "peer", "forwarded_for", "client"),
    [
        pytest.param([], "203.0.113.9", "198.51.100.1", "203.0.113.9", id="nobody is trusted"),
        pytest.param(["127.0.0.1"], "203.0.113.9", "198.51.100.1", "203.0.113.9", id="a stranger"),
        pytest.param([], "", "198.51.100.1", "", id="no peer address"),
    ],
)
def test_spoofed_headers_are_not_believed(settings, trusted, peer, forwarded_for, client):
    assert seen(settings, trusted, peer, forwarded_for) == (client, "http", [])


@pytest.mark.parametrize(
    ("trusted", "forwarded_for", "client"),
    [
        pytest.param(["10.0.0.1"], "203.0.113.9", "203.0.113.9", id="one proxy"),
        pytest.param(["10.0.0.0/8"], "203.0.113.9, 10.0.0.7", "203.0.113.9", id="a chain of ours"),
        pytest.param(["10.0.0.1"], "198.51.100.1, 203.0.113.9", "203.0.113.9", id="client's lie"),
        pytest.param(["10.0.0.1"], "lies", "10.0.0.1", id="not an address"),
        pytest.param(["10.0.0.1"], "198.51.100.1, lies", "10.0.0.1", id="a lie before ours"),
        pytest.param(["10.0.0.1"], "", "10.0.0.1", id="no header"),
        pytest.param(["10.0.0.1"], "::ffff:203.0.113.9", "203.0.113.9", id="IPv4 in IPv6"),
        pytest.param(["10.0.0.1"], "2001:db8::1", "2001:db8::1", id="IPv6"),
        pytest.param(["10.0.0.1"], "203.0.113.9:5678", "203.0.113.9", id="with a port"),
        pytest.param(["10.0.0.1"], "[2001:db8::1]:443", "2001:db8::1", id="IPv6 with a port"),
        pytest.param(["10.0.0.1"], "[2001:db8::1]", "2001:db8::1", id="IPv6 in brackets"),
        pytest.param(["10.0.0.1:80"], "203.0.113.9", "203.0.113.9", id="a proxy with a port"),
        pytest.param(["10.0.0.1"], "203.0.113.9:lies", "10.0.0.1", id="a port that is none"),
    ],
)
def test_trusted_proxy_says_who_is_asking(settings, trusted, forwarded_for, client):
    assert seen(settings, trusted, "10.0.0.1", forwarded_for) == (client, "https", [])


@pytest.mark.parametrize("scheme", ["", "ftp", "https,http", "http"])
def test_trusted_proxy_says_https_in_one_way_only(settings, scheme):
    assert seen(settings, ["10.0.0.1"], "10.0.0.1", scheme=scheme)[1] == "http"


def test_wrong_proxy_setting_is_said_in_one_sentence(settings):
    settings.TRUSTED_PROXIES = ["the proxy"]

    with pytest.raises(ImproperlyConfigured, match="TRUSTED_PROXIES takes addresses and networks"):
        TrustedProxiesMiddleware(lambda request: HttpResponse())
