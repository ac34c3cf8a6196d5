"""How much somebody may send: nothing of what is larger is read, let alone written to a disk."""

import socket
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from booking.models import StaffSession
from clinic_site.middleware.bodies import MOST, MOST_OF_STAFF
from clinic_site.staff import second_factor

FILE = "multipart/form-data; boundary=x"
PUBLIC = ["/", "/book/earlier/", "/contact/question/", "/admin/login/", "/admin/password_reset/"]
OF_STAFF = "/admin/booking/therapist/add/"


@pytest.fixture
def client():
    return Client(headers={"host": "127.0.0.1"})


@pytest.fixture
def staff(client, db):
    client.force_login(User.objects.create_superuser("rosa"))
    return client


def says(client, path, length):
    """The status for something that says how long it is."""
    kind = "text/plain"  # read by nobody
    return client.post(path, b"", content_type=kind, CONTENT_LENGTH=str(length)).status_code


@pytest.mark.parametrize("path", [*PUBLIC, OF_STAFF])
def test_nobody_sends_more_than_a_form(client, db, path):
    assert says(client, path, MOST + 1) == 413
    assert says(client, path, MOST) != 413


def test_staff_send_pictures_to_their_own_pages(staff):
    assert says(staff, OF_STAFF, MOST_OF_STAFF + 1) == 413
    assert says(staff, OF_STAFF, MOST_OF_STAFF) != 413
    assert says(staff, "/contact/question/", MOST + 1) == 413


def test_a_password_alone_sends_no_more_than_a_stranger(staff):
    session = staff.session
    del session[second_factor.MARK]
    session.save()

    assert says(staff, OF_STAFF, MOST + 1) == 413


def test_nor_does_one_whose_session_ended_before_the_second_step(staff):
    session = staff.session
    del session[second_factor.MARK]
    session.save()
    StaffSession.objects.update(expire_date=timezone.now() - timedelta(minutes=1))

    assert says(staff, OF_STAFF, MOST + 1) == 413


def test_what_staff_typed_beside_pictures_is_kept_though_their_session_has_ended(staff):
    StaffSession.objects.update(expire_date=timezone.now() - timedelta(minutes=1))

    assert says(staff, OF_STAFF, MOST + 1) == 302
    assert says(staff, OF_STAFF, MOST + 1) == 413  # it is good once


def test_the_page_says_so_with_the_telephone(client, db):
    answer = client.post("/book/", b"", content_type=FILE, CONTENT_LENGTH=str(MOST + 1))

    assert "That is too much at once" in answer.text
    assert ("tel:" in answer.text, answer["Cache-Control"]) == (True, "no-store")


@pytest.mark.parametrize("chunked", [False, True])
def test_an_upload_of_400_megabytes_is_cut_off(serve, transactional_db, chunked):
    site = serve(workers=1)
    sent, answer = pushed(site.url, 400_000_000, chunked)

    assert sent < 20_000_000  # what fits between the two, and hardly a byte more
    if not chunked:
        assert answer in (b"", b"HTTP/1.1 413")  # or the connection was closed before it was read
        assert "POST /contact/question/ 413" in site.whole_log()


def pushed(url, total, chunked):
    """How many bytes of so many the site lets somebody send, and how its answer begins."""
    parts = urlsplit(url)
    length = "Transfer-Encoding: chunked" if chunked else f"Content-Length: {total}"
    lines = ["POST /contact/question/ HTTP/1.1", "Host: 127.0.0.1", f"Content-Type: {FILE}", length]
    block, sent = b"0" * 65536, 0
    with socket.create_connection((parts.hostname, parts.port), timeout=30) as connection:
        begin = b'--x\r\nContent-Disposition: form-data; name="a"; filename="a"\r\n\r\n'
        try:
            connection.sendall("\r\n".join([*lines, "", ""]).encode())
            connection.sendall(framed(begin, chunked))
            while sent < total:
                connection.sendall(framed(block, chunked))
                sent += len(block)
        except OSError:
            pass
        try:
            return sent, connection.recv(12)
        except OSError:
            return sent, b""


def framed(block, chunked):
    return b"%x\r\n%s\r\n" % (len(block), block) if chunked else block
