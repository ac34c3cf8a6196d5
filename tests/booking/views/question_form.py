"""The form for a question: its address, and what is sent."""

import uuid

PATH, SENT = "/contact/question/", "/contact/question/sent/"
TYPED = {
    "red_flags": "no",
    "name": "Rosa Marquez",
    "email": "rosa@example.org",
    "phone": "(212) 555-0199",
    "message": "Is there <b>parking</b>?",
}


def sent(**changes):
    return TYPED | {"key": str(uuid.uuid4())} | changes
