"""What leaves this machine is encrypted on its way, unless a setting says otherwise."""

import os
from ipaddress import ip_address
from typing import Any
from urllib.parse import parse_qs, urlsplit

from environs import Env

env = Env()


def mail_needs_tls(host: str) -> bool:
    """Whether mail leaves this machine, and EMAIL_URL does not say `tls=0`: then in the clear."""
    said = parse_qs(urlsplit(env.str("EMAIL_URL")).query).get("tls", [""])[0]
    return not is_here(host) and said.lower() not in ("0", "false", "no", "off")


def database_tls(database: dict[str, Any]) -> dict[str, str]:
    """The option that has PostgreSQL's connection encrypted; none where DATABASE_URL says itself
    what is wanted (`sslmode=…`), or the server is on this machine.
    """
    said = "sslmode" in database["OPTIONS"]
    return {} if said or database_is_here(database) else {"sslmode": "require"}


def database_is_here(database: dict[str, Any]) -> bool:
    """Whether every server that libpq may connect to is on this machine, however it is named: it
    connects to `hostaddr` whatever `host` says, a service may name anything, and what DATABASE_URL
    leaves out it takes from variables of its own.
    """
    options = database.get("OPTIONS", {})
    if options.get("service") or os.environ.get("PGSERVICE"):
        return False
    host = options.get("host") or database["HOST"] or os.environ.get("PGHOST", "")
    address = options.get("hostaddr") or os.environ.get("PGHOSTADDR", "")
    named = f"{host},{address}".split(",")
    return all(is_here(each.strip()) for each in named)


def is_here(host: str) -> bool:
    """Whether a server is on this machine: on a socket, or on an address that never leaves it."""
    if host in ("", "localhost") or host.startswith(("/", "@")):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
