"""A real SMTP server that can hang and go away."""

import asyncio
import socket
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

HOST = "127.0.0.1"


class Mailbox:
    """Keeps what is delivered. `pause` is how many seconds it thinks about each message."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.pause = 0.0

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        await asyncio.sleep(self.pause)
        content = envelope.original_content or b""
        message = message_from_bytes(content, policy=policy.default)
        self.messages.append(message)  # type: ignore[arg-type]
        return "250 Kept"


class MailServer:
    """Normal at first. `url` is for EMAIL_URL; `messages` is what arrived, in order."""

    def __init__(self) -> None:
        with socket.create_server((HOST, 0)) as free:
            self.port = free.getsockname()[1]
        self.url = f"smtp://{HOST}:{self.port}"
        self.mailbox = Mailbox()
        self.controller: Controller | None = None
        self.silence: socket.socket | None = None
        self.work()

    @property
    def messages(self) -> list[EmailMessage]:
        return self.mailbox.messages

    def work(self) -> None:
        """Take mail, as a mail server does."""
        self.go_away()
        self.controller = Controller(self.mailbox, hostname=HOST, port=self.port)
        self.controller.start()

    def hang(self) -> None:
        """Accept connections and never say a word."""
        self.go_away()
        self.silence = socket.create_server((HOST, self.port), backlog=128)

    def go_away(self) -> None:
        """Refuse connections."""
        if self.controller:
            self.controller.stop()
        if self.silence:
            self.silence.close()
        self.controller = self.silence = None
