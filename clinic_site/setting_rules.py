"""What a setting may be. Each function gives the value, or says in one sentence what is wrong.

The sentence is the text of an ImproperlyConfigured. None of them needs Django's settings.
"""

import math
import re
from email.errors import HeaderParseError, ObsoleteHeaderDefect
from email.policy import SMTP
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

import phonenumbers
import pyrage
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.validators import validate_email
from environs import Env

Network = IPv4Network | IPv6Network
HOST_NAME = re.compile(r"(?!.*\.\.)[A-Za-z0-9_]([A-Za-z0-9._-]{0,252}[A-Za-z0-9_.])?")
ALLOWED_HOST = re.compile(rf"\*|\.?{HOST_NAME.pattern}|\[[0-9A-Fa-f:.]+\]")
WITH_PORT = re.compile(r"\[(?P<v6>[0-9A-Fa-f:.]+)\](:[0-9]{1,5})?|(?P<v4>[0-9.]+):[0-9]{1,5}")
# What Python's parser of e-mail headers does not get through ends in any of these.
NOT_PARSED = (HeaderParseError, ValueError, LookupError, AttributeError, TypeError, RecursionError)
MOST_PORT = 65535
MOST = 1_000_000  # of anything that is counted: far past use, and below where arithmetic ends

env = Env()


def whole(name: str, default: int, least: int = 0, most: int = MOST) -> int:
    """A whole number from `least` to `most`."""
    value = env.int(name, default)
    if not least <= value <= most:
        raise ImproperlyConfigured(f"{name} must be a whole number from {least} to {most}.")
    return value


def seconds(name: str, default: float) -> float:
    """A span in seconds, parts of one too, none below zero."""
    value = env.float(name, default)
    if not math.isfinite(value) or not 0 <= value <= MOST:
        raise ImproperlyConfigured(f"{name} must be a number of seconds from 0 to {MOST}.")
    return value


def port() -> int:
    """Where gunicorn listens; 0 lets the machine choose."""
    return whole("PORT", 8000, most=MOST_PORT)


def workers() -> int:
    """Processes that answer."""
    return whole("WEB_CONCURRENCY", 2, least=1, most=1000)


def host() -> str:
    """The address or name on which gunicorn listens, an IPv6 one without its brackets."""
    text = env.str("HOST", "") or "127.0.0.1"
    bare = text[1:-1] if text.startswith("[") and text.endswith("]") else text
    if not (_is_address(bare) or HOST_NAME.fullmatch(bare)):
        raise ImproperlyConfigured("HOST must be an address or a host name, such as 127.0.0.1.")
    return bare


def origin() -> str:
    """Where this machine reaches the site: what BASE_URL is by default.

    By the name or address on which it listens; where that is all of them, by the way that never
    leaves the machine.
    """
    return f"http://{in_address(reachable(host()))}:{port()}"


def reachable(host: str) -> str:
    """A host to which something can connect, an address in the one form that browsers send."""
    if not _is_address(host):
        return host.lower()
    found = ip_address(host)
    if not found.is_unspecified:
        return str(found)
    return "127.0.0.1" if found.version == 4 else "::1"


def in_address(host: str) -> str:
    """A host as addresses of pages have it: an IPv6 one in brackets."""
    return f"[{host}]" if ":" in host else host


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def check_encoding(*names: str) -> None:
    """That these can be written in UTF-8, as keys and in what goes to servers."""
    for name in names:
        try:
            env.str(name, "").encode()
        except UnicodeEncodeError as error:
            raise ImproperlyConfigured(f"{name} must be a text in UTF-8.") from error


def line(name: str, default: str) -> str:
    """A text of one line that is not empty."""
    text = env.str(name, default).strip()
    if not (text and text.isprintable()):
        raise ImproperlyConfigured(f"{name} must be a text of one line in UTF-8.")
    return text


def telephone(default: str) -> str:
    """CLINIC_PHONE: a text that can be dialed."""
    text = line("CLINIC_PHONE", default)
    if not any(letter.isdecimal() and letter.isascii() for letter in text):
        raise ImproperlyConfigured("CLINIC_PHONE must be a telephone number.")
    return text


def country(default: str) -> str:
    """CLINIC_COUNTRY: two letters of a country whose telephone numbers are known."""
    code = env.str("CLINIC_COUNTRY", default).upper()
    if code not in phonenumbers.SUPPORTED_REGIONS:
        raise ImproperlyConfigured("CLINIC_COUNTRY must be a country's two letters, such as US.")
    return code


def check_mail_server(host: str) -> None:
    """That EMAIL_URL names a host, an international one too, and no port that is none."""
    if not _is_host(host):
        raise ImproperlyConfigured("EMAIL_URL must name a mail server.")
    if urlsplit(env.str("EMAIL_URL")).port == 0:  # taken for none at all by what reads it
        raise ImproperlyConfigured(f"EMAIL_URL must have a port from 1 to {MOST_PORT}.")


def _is_host(text: str) -> bool:
    try:
        return _is_address(text) or bool(HOST_NAME.fullmatch(text.encode("idna").decode()))
    except UnicodeError:
        return False


def sender(default: str) -> str:
    """DEFAULT_FROM_EMAIL: an address, under a name or not."""
    text = env.str("DEFAULT_FROM_EMAIL", default)
    if _can_be_mailed(_only_address(text)):
        return text
    raise ImproperlyConfigured(
        "DEFAULT_FROM_EMAIL must be one e-mail address in ASCII; a name before it that has a comma"
        ' or another sign is in quotes: "Our Clinic, Inc." <front-desk@clinic.example>.'
    )


def _only_address(sender: str) -> str:
    """The one address of a From header, or nothing where a mail server may read it otherwise."""
    if not sender.isprintable():
        return ""
    try:
        return _address_in(SMTP.header_factory("From", sender))
    except NOT_PARSED:
        return ""


def _address_in(header: Any) -> str:
    # Clinics write "St." unquoted, which every mail server reads.
    wrong = [defect for defect in header.defects if not isinstance(defect, ObsoleteHeaderDefect)]
    is_one = len(header.addresses) == 1 and header.groups[0].display_name is None
    return header.addresses[0].addr_spec if is_one and not wrong else ""


def mailbox(name: str) -> str:
    """An e-mail address by itself, or nothing."""
    text = env.str(name, "").strip()
    if text and not _can_be_mailed(text):
        raise ImproperlyConfigured(
            f"{name} must be one e-mail address in ASCII, without a name:"
            " front-desk@clinic.example."
        )
    return text


def _can_be_mailed(address: str) -> bool:
    """Whether every mail server takes it: its letters are ASCII, its domain too (xn--…)."""
    try:
        validate_email(address)
    except ValidationError:
        return False
    return address.isascii()


def folder(name: str, default: Path) -> Path:
    """A folder by its whole path: commands are started anywhere."""
    path = Path(env.str(name, "") or default)
    if not path.is_absolute():
        raise ImproperlyConfigured(f"{name} must be a whole path, from / on.")
    return path


def public_key(name: str) -> str:
    """A public key of age, or nothing."""
    text = env.str(name, "").strip()
    try:
        return str(pyrage.x25519.Recipient.from_str(text)) if text else ""
    except pyrage.RecipientError as error:
        raise ImproperlyConfigured(
            f"{name} must be a public key of age: age1 and 58 letters and digits."
        ) from error


def base_url(default: str) -> str:
    """BASE_URL: scheme and host, a port where it has one, and nothing behind."""
    text = env.str("BASE_URL", default).rstrip("/")
    try:
        parts = urlsplit(text)
        is_right = _is_origin(parts, text)
    except ValueError:  # a port or brackets that are none
        is_right = False
    if not is_right:
        raise ImproperlyConfigured(
            "BASE_URL must be http:// or https:// and a host name in ASCII, with no path:"
            " https://www.clinic.example."
        )
    return text


def _is_origin(parts: SplitResult, text: str) -> bool:
    """Whether an address is a scheme, a host and perhaps a port. Raises ValueError on a port."""
    host: str = parts.hostname or ""
    known = _is_address(host) or HOST_NAME.fullmatch(host)
    port = "" if parts.port is None else f":{parts.port}"
    whole = f"{parts.scheme}://{in_address(host)}{port}"
    return parts.scheme in ("http", "https") and bool(known) and whole == text.lower()


def allowed_hosts(base_url: str) -> list[str]:
    """ALLOWED_HOSTS, or the host of BASE_URL and localhost."""
    named: list[str] = env.list("ALLOWED_HOSTS", [])
    hosts = [host.strip() for host in named if host.strip()]
    if not all(ALLOWED_HOST.fullmatch(host) for host in hosts):
        raise ImproperlyConfigured(
            "ALLOWED_HOSTS takes host names alone, without scheme, port or path:"
            " www.clinic.example."
        )
    return hosts or [in_address(urlsplit(base_url).hostname or "localhost"), "localhost"]


def networks(proxies: list[str]) -> list[Network]:
    """TRUSTED_PROXIES as networks; an address may bring its port."""
    try:
        return [ip_network(without_port(each.strip()), strict=False) for each in proxies]
    except ValueError as error:
        raise ImproperlyConfigured(
            f"TRUSTED_PROXIES takes addresses and networks: {error}."
        ) from error


def without_port(text: str) -> str:
    """`1.2.3.4` of `1.2.3.4:5678`, and `2001:db8::1` of `[2001:db8::1]:443`; else as it is."""
    found = WITH_PORT.fullmatch(text)
    return (found["v6"] or found["v4"]) if found else text


def address(text: str) -> IPv4Address | IPv6Address | None:
    """`text` as an address, its port left out; an IPv4 one even where IPv6 wraps it."""
    try:
        seen = ip_address(without_port(text))
    except ValueError:
        return None
    return getattr(seen, "ipv4_mapped", None) or seen
