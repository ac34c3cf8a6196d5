"""Passkeys as a second factor: a browser signs our challenge with a key that one's own finger, face
or PIN lets it use. It does so for this site's own address alone, so no copy of the site gets one.
"""

import json
from collections.abc import Callable
from datetime import timedelta
from ipaddress import ip_address
from typing import Any, TypeVar
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import User
from django.http import HttpRequest
from django.utils import timezone
from fido2 import cbor
from fido2.cose import CoseKey, UnsupportedKey
from fido2.server import Fido2Server
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import (
    Aaguid,
    AttestedCredentialData,
    AuthenticationResponse,
    AuthenticatorData,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from booking.models import Passkey
from booking.secrets import keys
from booking.secrets.keys import Use
from booking.transactions import retried
from clinic_site.staff import second_factor

ASKED = "passkey"  # in the session: what a browser was asked to sign, for whom, and when
ANSWER_WITHIN = timedelta(minutes=5)
LONGEST_ANSWER = 20_000  # letters
MOST = 20  # of one user: each stands in the list that browsers are sent
NEW, SHOW = "new", "show"  # what a challenge is for

Result = TypeVar("Result")


class Refused(Exception):
    """Not what this site asked this user's browser for, or too late."""


class LastOne(Exception):
    """Without it the user would have no second factor at all."""


def are_possible() -> bool:
    """Whether browsers make any for this site: for a name that it has, not a number, over https."""
    address = urlsplit(settings.BASE_URL)
    host = address.hostname or ""
    try:
        ip_address(host)
    except ValueError:
        return address.scheme == "https" or host == "localhost"
    return False


def of(user: User) -> list[Passkey]:
    return list(Passkey.objects.filter(user=user, confirmed=True).order_by("pk"))


def ask_for_new(request: HttpRequest, user: User) -> dict[str, Any]:
    """What a browser needs to make one, as JSON; what it is to sign is kept in the session."""
    name = user.get_full_name() or user.get_username()
    options, state = _server().register_begin(
        PublicKeyCredentialUserEntity(id=_handle(user), name=user.username, display_name=name),
        [_credential(key) for key in of(user)],
        resident_key_requirement=ResidentKeyRequirement.PREFERRED,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    _keep(request, user, NEW, state)
    return dict(options.public_key)


def ask_to_show(request: HttpRequest, user: User) -> dict[str, Any]:
    """What a browser needs to sign with one of this user's, and of nobody else's."""
    options, state = _server().authenticate_begin(
        [_credential(key) for key in of(user)],
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    _keep(request, user, SHOW, state)
    return dict(options.public_key)


def add(request: HttpRequest, user: User, answer: str, name: str, *, anew: bool) -> None:
    """Keep the passkey that a browser has made. Raises Refused, and SetUpAlready unless it is done
    `anew`.
    """
    state = _asked(request, user, NEW)
    made = _read(answer, lambda said: _made(state, said))
    _add(user, made, name, anew=anew)


@retried
def _add(user: User, made: AuthenticatorData, name: str, *, anew: bool) -> None:
    # Locked: of two who set up a second factor at once, the second finds the first's.
    second_factor.lock(user)
    if second_factor.has_device(user) and not anew:
        raise second_factor.SetUpAlready
    credential: Any = made.credential_data
    key_id = websafe_encode(credential.credential_id)
    if Passkey.objects.filter(credential_id=key_id).exists() or len(of(user)) >= MOST:
        raise Refused
    Passkey.objects.create(
        user=user,
        name=name,
        credential_id=key_id,
        public_key=cbor.encode(credential.public_key),
        sign_count=made.counter,
    )
    second_factor.note(user, "passkey added")


def show(request: HttpRequest, user: User, answer: str) -> None:
    """Take what a browser has signed with one of the user's. Raises Refused."""
    state = _asked(request, user, SHOW)
    _show(user, state, answer)


@retried
def _show(user: User, state: Any, answer: str) -> None:
    # Locked: of two answers with one count, the second finds it used.
    own = list(Passkey.objects.select_for_update().filter(user=user, confirmed=True))
    key_id, counter = _read(answer, lambda said: _signed(state, own, said))
    passkey = next(key for key in own if key.credential_id == key_id)
    if not _goes_on(passkey.sign_count, counter):
        raise Refused  # a copy of it has signed meanwhile
    passkey.sign_count = counter
    passkey.set_last_used_timestamp(commit=False)
    passkey.save(update_fields=["sign_count", "last_used_at"])


@retried
def take_away(user: User, pk: int) -> bool:
    """Forget one of the user's own; returns whether there was such a one. Raises LastOne."""
    # Locked: of the last two taken away at once, the second stays.
    second_factor.lock(user)
    others = Passkey.objects.filter(user=user, confirmed=True).exclude(pk=pk)
    if not second_factor.has_app(user) and not others.exists():
        raise LastOne
    taken, _rows = Passkey.objects.filter(user=user, pk=pk).delete()
    if taken:
        second_factor.note(user, "passkey taken away")
    return bool(taken)


def _server() -> Fido2Server:
    """For the site's own address as the settings have it, whatever host a request names."""
    address = urlsplit(settings.BASE_URL.lower())
    usual = {"https": 443, "http": 80}[address.scheme]
    port = f":{address.port}" if address.port not in (None, usual) else ""
    origin = f"{address.scheme}://{address.hostname}{port}"  # as browsers write it
    site = PublicKeyCredentialRpEntity(name=settings.CLINIC_NAME, id=address.hostname)
    return Fido2Server(site, verify_origin=lambda said: said == origin)


def _handle(user: User) -> bytes:
    """By which an authenticator knows the account; it says nothing of whose it is."""
    return keys.digest(Use.PASSKEY_OWNERS, str(user.pk))


def _credential(passkey: Passkey) -> AttestedCredentialData:
    stored: Any = cbor.decode(bytes(passkey.public_key))
    key = CoseKey.parse(stored)
    return AttestedCredentialData.create(Aaguid.NONE, websafe_decode(passkey.credential_id), key)


def _keep(request: HttpRequest, user: User, purpose: str, state: Any) -> None:
    at = timezone.now().timestamp()
    kept = {"user": user.pk, "for": purpose, "at": at, "state": state}
    request.session[ASKED] = kept


def _asked(request: HttpRequest, user: User, purpose: str) -> Any:
    """What was asked of this user in this session, not long ago; once. Raises Refused."""
    kept = request.session.pop(ASKED, {})
    if kept.get("user") != user.pk or kept.get("for") != purpose:
        raise Refused
    if timezone.now().timestamp() - kept["at"] > ANSWER_WITHIN.total_seconds():
        raise Refused
    return kept["state"]


def _read(answer: str, read: Callable[[Any], Result]) -> Result:
    """Whatever is read of an answer. Raises Refused."""
    if len(answer) > LONGEST_ANSWER:
        raise Refused
    try:
        return read(json.loads(answer))
    except Exception as error:  # what anybody's bytes make a decoder raise is listed nowhere
        raise Refused from error


def _made(state: Any, said: Any) -> AuthenticatorData:
    made = _server().register_complete(state, said)
    if made.credential_data is None or isinstance(made.credential_data.public_key, UnsupportedKey):
        raise Refused
    return made


def _signed(state: Any, own: list[Passkey], said: Any) -> tuple[str, int]:
    """Which of these passkeys has signed, and its count."""
    response = AuthenticationResponse.from_dict(said)
    used = _server().authenticate_complete(state, [_credential(key) for key in own], response)
    return websafe_encode(used.credential_id), response.response.authenticator_data.counter


def _goes_on(before: int, now: int) -> bool:
    """Whether a count is further than the one before it; 0 and 0 count nothing."""
    return now > before or now == before == 0
