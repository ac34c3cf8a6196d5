"""An authenticator of the tests' own: makes passkeys and signs with them, as one is told to lie."""

import json
import os
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import sha256, websafe_decode, websafe_encode
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

ORIGIN, SITE = "https://www.clinic.test", "www.clinic.test"
FLAG = AuthenticatorData.FLAG
NONE = FLAG(0)


@dataclass
class Authenticator:
    """One key pair. Each answer may be told another origin, site, flag or count than is right."""

    key: Any = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    credential_id: bytes = field(default_factory=lambda: os.urandom(32))
    count: int = 0

    def make(self, asked: dict[str, Any], **lies: Any) -> str:
        """The answer to what a browser was asked in order to make a passkey."""
        public = ES256.from_cryptography_key(self.key.public_key())
        credential = AttestedCredentialData.create(Aaguid.NONE, self.credential_id, public)
        data = self._data(lies, FLAG.AT, credential)
        made = AttestationObject.create("none", data, {})
        parts = {"attestationObject": made, "clientDataJSON": client("create", asked, lies)}
        return self._words(parts)

    def sign(self, asked: dict[str, Any], **lies: Any) -> str:
        """The answer to what a browser was asked in order to show one."""
        said, data = client("get", asked, lies), self._data(lies)
        hand = lies.get("hand", self.key)
        signature = hand.sign(data + sha256(said), ec.ECDSA(hashes.SHA256()))
        return self._words(
            {"authenticatorData": data, "clientDataJSON": said, "signature": signature}
        )

    def _data(
        self, lies: dict[str, Any], flag: Any = NONE, credential: bytes = b""
    ) -> AuthenticatorData:
        flags = flag | lies.get("flags", FLAG.UP | FLAG.UV)
        site = sha256(lies.get("site", SITE).encode())
        return AuthenticatorData.create(site, flags, lies.get("count", self.count), credential)

    def _words(self, parts: dict[str, bytes]) -> str:
        key = websafe_encode(self.credential_id)
        response = {name: websafe_encode(part) for name, part in parts.items()}
        return json.dumps({"id": key, "rawId": key, "type": "public-key", "response": response})


def client(kind: str, asked: dict[str, Any], lies: dict[str, Any]) -> CollectedClientData:
    """What a browser says that it was asked, and where."""
    challenge = websafe_decode(asked["challenge"])
    return CollectedClientData.create(
        f"webauthn.{lies.get('kind', kind)}", challenge, lies.get("origin", ORIGIN)
    )
