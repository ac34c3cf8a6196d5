"""Who is asking, and how: only proxies of ours may say so on another's behalf."""

from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse

Answer = Callable[[HttpRequest], HttpResponse]
Address = IPv4Address | IPv6Address


class TrustedProxiesMiddleware:
    """Sets REMOTE_ADDR and the scheme from X-Forwarded-For and -Proto, if TRUSTED_PROXIES sent it.

    Both headers are dropped afterwards, so that nothing else believes them.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response
        try:
            self.trusted = [ip_network(proxy, strict=False) for proxy in settings.TRUSTED_PROXIES]
        except ValueError as error:
            raise ImproperlyConfigured(
                f"TRUSTED_PROXIES takes addresses and networks: {error}."
            ) from error

    def __call__(self, request: HttpRequest) -> HttpResponse:
        forwarded_for = request.META.pop("HTTP_X_FORWARDED_FOR", "")
        scheme = request.META.pop("HTTP_X_FORWARDED_PROTO", "")
        if self.trusts(address(request.META.get("REMOTE_ADDR", ""))):
            request.META["REMOTE_ADDR"] = self.client(request.META["REMOTE_ADDR"], forwarded_for)
            if scheme in ("http", "https"):
                request.META["wsgi.url_scheme"] = scheme
        return self.get_response(request)

    def client(self, peer: str, forwarded_for: str) -> str:
        """The nearest address that is not a proxy of ours: each proxy writes whom it has seen."""
        nearest = peer
        for hop in reversed(forwarded_for.split(",")):
            seen = address(hop.strip())
            if seen is None:
                break
            nearest = str(seen)
            if not self.trusts(seen):
                break
        return nearest

    def trusts(self, seen: Address | None) -> bool:
        return seen is not None and any(seen in network for network in self.trusted)


def address(text: str) -> Address | None:
    """`text` as an address; an IPv4 one even where IPv6 wraps it."""
    try:
        seen = ip_address(text)
    except ValueError:
        return None
    return getattr(seen, "ipv4_mapped", None) or seen
