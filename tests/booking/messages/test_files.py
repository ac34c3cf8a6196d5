"""The default way of e-mail: one file a message."""

import stat
from email import message_from_bytes, policy

import pytest
from django.core.mail import EmailMessage

BACKEND = "booking.messages.files.EmailBackend"


@pytest.fixture
def folder(settings, tmp_path):
    settings.EMAIL_BACKEND = BACKEND
    settings.EMAIL_FILE_PATH = tmp_path / "var" / "mail"
    return settings.EMAIL_FILE_PATH


def message(message_id="<confirmation.0.abc@clinic.example>", body="Body\n"):
    headers = {"Message-ID": message_id}
    return EmailMessage("Subject", body, "a@clinic.example", ["b@example.org"], headers=headers)


def mode(path):
    return oct(stat.S_IMODE(path.stat().st_mode))


def test_each_message_is_a_file_for_its_owner_alone(folder, time_machine):
    time_machine.move_to("2026-11-27T17:00:00.000025+00:00", tick=False)

    assert message().send() == 1

    (file,) = folder.iterdir()
    parsed = message_from_bytes(file.read_bytes(), policy=policy.default)
    assert (file.name, mode(file), mode(folder)) == (
        "20261127T170000.000025-confirmation.0.abc.eml",
        "0o600",
        "0o700",
    )
    assert (parsed["Subject"], parsed["To"], parsed.get_content()) == (
        "Subject",
        "b@example.org",
        "Body\n",
    )


@pytest.mark.parametrize("message_id", ["<../../etc/x@h>", "</abs@h>", "<a\\b:c d@h>", "<@h>"])
def test_no_message_id_leads_out_of_the_folder(folder, message_id):
    message(message_id).send()

    (file,) = folder.parent.rglob("*.eml")
    assert file.parent == folder


def test_what_cannot_be_written_leaves_nothing_behind(folder, monkeypatch):
    folder.mkdir(parents=True)
    monkeypatch.setattr("os.replace", None)

    with pytest.raises(TypeError):
        message().send()

    assert list(folder.iterdir()) == []
