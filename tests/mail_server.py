"""A real SMTP server that can hang and go away."""

import asyncio
import socket
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

HOST = "127.0.0.1"
START_SECONDS = 120  # a busy machine is no fault of the server


class Mailbox:
    """Keeps what is delivered. It answers none of the messages before `quorum` of them came."""

    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.quorum = self.came = 0

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.came += 1
        while self.came < self.quorum:
            await asyncio.sleep(0.01)
        content = envelope.original_content or b""
        message = message_from_bytes(content, policy=policy.default)
        self.messages.append(message)  # type: ignore[arg-type]
        return "250 Kept"


class MailServer:
    """Normal at first. `url` is for EMAIL_URL; `messages` is what arrived, in order."""

    def __init__(self, mailbox: Mailbox | None = None) -> None:
        # Never listened on, and kept for good: nobody else gets the port while the server is away.
        self.place = socket.socket()
        self.place.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.place.bind((HOST, 0))
        self.port = self.place.getsockname()[1]
        self.url = f"smtp://{HOST}:{self.port}"
        self.mailbox = mailbox or Mailbox()
        self.controller: Controller | None = None
        self.silence: socket.socket | None = None
        self.work()

    @property
    def messages(self) -> list[EmailMessage]:
        return self.mailbox.messages

    def work(self) -> None:
        """Take mail, as a mail server does."""
        self.go_away()
        self.controller = Controller(
            self.mailbox, hostname=HOST, port=self.port, ready_timeout=START_SECONDS
        )
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

    def close(self) -> None:
        """Go for good."""
        self.go_away()
        self.place.close()
