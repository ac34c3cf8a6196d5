"""Who is asking, and how: only proxies of ours may say so on another's behalf."""

from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from clinic_site.setting_rules import address, networks

Answer = Callable[[HttpRequest], HttpResponse]
Address = IPv4Address | IPv6Address


class TrustedProxiesMiddleware:
    """Sets REMOTE_ADDR and the scheme from X-Forwarded-For and -Proto, if TRUSTED_PROXIES sent it.

    Both headers are dropped afterwards, so that nothing else believes them.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response
        self.trusted = networks(settings.TRUSTED_PROXIES)

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
