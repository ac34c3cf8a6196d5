"""A setting that cannot work stops the start with one sentence; one that can does not.

In an environment of their own: the settings are read once in a process.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from clinic_site import setting_rules
from tests.settings import INHERITED, SITE_VARIABLES

# Nothing here asks a database.
pytestmark = pytest.mark.only("sqlite")

TOP = Path(__file__).parents[2]
ASK = """
import json, os, sys
sys.path.insert(0, os.getcwd())
from importlib import import_module, reload
from pathlib import Path
from clinic_site import environment, setting_rules
own = dict(os.environb)
answers = []
for planted in json.loads(sys.argv[1]):
    os.environb.clear()
    os.environb.update(own)
    os.environ.update(planted)
    try:
        environment.load()
        settings = import_module("clinic_site.settings")
        reload(settings)
        answers.append("works")
    except environment.WRONG as error:
        answers.append(str(error))
print(json.dumps(answers))
"""
SENDER = "DEFAULT_FROM_EMAIL must be one e-mail address in ASCII; a name before it that has a comma"
DESK = "FRONT_DESK_EMAIL must be one e-mail address in ASCII, without a name"
ORIGIN = "BASE_URL must be http:// or https:// and a host name in ASCII, with no path"
HOSTS = "ALLOWED_HOSTS takes host names alone, without scheme, port or path"
PORTS, WORKERS = "PORT must be a whole number", "WEB_CONCURRENCY must be a whole number"
# Each setting of `.env.example` with what cannot work, and how the sentence begins.
WRONG = [
    ("BACKUP_DIR", "backups", "BACKUP_DIR must be a whole path, from / on."),
    ("BACKUP_PUBLIC_KEY", "age1nonsense", "BACKUP_PUBLIC_KEY must be a public key of age"),
    ("SECRET_KEY", "", "Set SECRET_KEY to a long random text"),
    ("SECRET_KEY", "\udcff", "SECRET_KEY must be a text in UTF-8."),
    ("SECRET_KEY_FALLBACKS", "one,\udcff", "SECRET_KEY_FALLBACKS must be a text in UTF-8."),
    ("DEMO", "perhaps", 'Environment variable "DEMO" invalid'),
    ("DEBUG", "perhaps", 'Environment variable "DEBUG" invalid'),
    ("BASE_URL", "https://www.clinic.example/site", ORIGIN),
    ("BASE_URL", "https://www.clinic.example?a=b", ORIGIN),
    ("BASE_URL", "https://www.clinic.example#top", ORIGIN),
    ("BASE_URL", "https://rosa@www.clinic.example", ORIGIN),
    ("BASE_URL", "ftp://www.clinic.example", ORIGIN),
    ("BASE_URL", "www.clinic.example", ORIGIN),
    ("BASE_URL", "https://", ORIGIN),
    ("BASE_URL", "https://www clinic.example", ORIGIN),
    ("BASE_URL", "https://klinik-süd.example", ORIGIN),
    ("BASE_URL", "https://www.clinic.example:http", ORIGIN),
    ("BASE_URL", "https://www.clinic.example:99999", ORIGIN),
    ("BASE_URL", "https://[::1", ORIGIN),
    ("ALLOWED_HOSTS", "https://www.clinic.example", HOSTS),
    ("ALLOWED_HOSTS", "www.clinic.example:8000", HOSTS),
    ("ALLOWED_HOSTS", "www.clinic.example/", HOSTS),
    ("DATABASE_URL", "nonsense", 'Environment variable "DATABASE_URL" invalid'),
    ("DATABASE_URL", "postgresql://a:b@host:port/c", 'Environment variable "DATABASE_URL" invalid'),
    ("DATABASE_URL", "mysql://a@host/c", "DATABASE_URL must name SQLite or PostgreSQL."),
    ("EMAIL_URL", "nonsense", "EMAIL_URL must begin with submission:// or smtp://."),
    ("EMAIL_URL", "smtp://host:port", 'Environment variable "EMAIL_URL" invalid'),
    ("EMAIL_URL", "console://", "EMAIL_URL must begin with submission:// or smtp://."),
    ("EMAIL_URL", "submission://", "EMAIL_URL must name a mail server."),
    ("EMAIL_URL", "smtp://ho st", "EMAIL_URL must name a mail server."),
    ("EMAIL_URL", "smtp://ho%20st", "EMAIL_URL must name a mail server."),
    ("EMAIL_URL", "smtp://a..b", "EMAIL_URL must name a mail server."),
    ("EMAIL_URL", "smtp://host:0", "EMAIL_URL must have a port from 1 to 65535."),
    ("DEFAULT_FROM_EMAIL", "Willow Street PT, Inc. <desk@clinic.example>", SENDER),
    ("DEFAULT_FROM_EMAIL", "", SENDER),
    ("DEFAULT_FROM_EMAIL", "Willow: desk@clinic.example;", SENDER),
    ("DEFAULT_FROM_EMAIL", "Willow: PT; x <desk@clinic.example>", SENDER),
    ("DEFAULT_FROM_EMAIL", ".<>::,.().", SENDER),
    ("DEFAULT_FROM_EMAIL", "x@[\\ü.ü(", SENDER),
    ("DEFAULT_FROM_EMAIL", '\t.): ]=?x"" "', SENDER),
    ("DEFAULT_FROM_EMAIL", "Willow <", SENDER),
    ("DEFAULT_FROM_EMAIL", f"{'(' * 3000} <desk@clinic.example>", SENDER),
    ("DEFAULT_FROM_EMAIL", " : ", SENDER),
    ("DEFAULT_FROM_EMAIL", "desk", SENDER),
    ("DEFAULT_FROM_EMAIL", "desk@clinic.example, rosa@clinic.example", SENDER),
    ("DEFAULT_FROM_EMAIL", "Willow <desk@clinic.example", SENDER),
    ("DEFAULT_FROM_EMAIL", "Willow\nBcc: <desk@clinic.example>", SENDER),
    ("DEFAULT_FROM_EMAIL", "Willow \udcff <desk@clinic.example>", SENDER),
    ("DEFAULT_FROM_EMAIL", "süd@clinic.example", SENDER),
    ("DEFAULT_FROM_EMAIL", "desk@klinik-süd.example", SENDER),
    ("FRONT_DESK_EMAIL", "Willow Street PT, Inc. <desk@clinic.example>", DESK),
    ("FRONT_DESK_EMAIL", "Desk <desk@clinic.example>", DESK),
    ("FRONT_DESK_EMAIL", "desk@clinic.example,rosa@clinic.example", DESK),
    ("FRONT_DESK_EMAIL", "süd@clinic.example", DESK),
    ("CLINIC_NAME", " ", "CLINIC_NAME must be a text of one line in UTF-8."),
    ("CLINIC_NAME", "Willow\nStreet", "CLINIC_NAME must be a text of one line in UTF-8."),
    ("CLINIC_NAME", "Willow \udcff", "CLINIC_NAME must be a text of one line in UTF-8."),
    ("CLINIC_PHONE", "call us", "CLINIC_PHONE must be a telephone number."),
    ("CLINIC_COLOR", "teal", "CLINIC_COLOR"),
    ("CLINIC_STYLE", "Calm", "CLINIC_STYLE must be one of: calm, warm."),
    ("CLINIC_TIME_ZONE", "Mars", "CLINIC_TIME_ZONE must name a zone"),
    ("CLINIC_COUNTRY", "Mars", "CLINIC_COUNTRY must be a country's two letters"),
    ("VAR_DIR", __file__, "VAR_DIR must be a folder of the site's own"),
    ("HOST", "127.0.0.1:8000", "HOST must be an address or a host name"),
    ("HOST", "http://127.0.0.1", "HOST must be an address or a host name"),
    ("HOST", "a..b", "HOST must be an address or a host name"),
    ("PORT", "http", 'Environment variable "PORT" invalid: Not a valid integer.'),
    ("PORT", "65536", PORTS),
    ("PORT", "-1", PORTS),
    ("WEB_CONCURRENCY", "two", 'Environment variable "WEB_CONCURRENCY" invalid'),
    ("WEB_CONCURRENCY", "0", WORKERS),
    ("WEB_CONCURRENCY", "-2", WORKERS),
    ("TRUSTED_PROXIES", "the proxy", "TRUSTED_PROXIES takes addresses and networks"),
    ("TRUSTED_PROXIES", "10.0.0.0/99", "TRUSTED_PROXIES takes addresses and networks"),
    ("BOOKING_LIMIT", "-1", "BOOKING_LIMIT must be a whole number"),
    ("ONLINE_BOOKINGS_AN_HOUR", "0", "ONLINE_BOOKINGS_AN_HOUR must be a whole number from 1"),
    ("ONLINE_BOOKINGS_AN_HOUR", "-3", "ONLINE_BOOKINGS_AN_HOUR must be a whole number from 1"),
    ("OPEN_BOOKINGS_LIMIT", "1.5", 'Environment variable "OPEN_BOOKINGS_LIMIT" invalid'),
    ("ONLINE_QUESTIONS_AN_HOUR", "0", "ONLINE_QUESTIONS_AN_HOUR must be a whole number from 1"),
    ("QUESTION_LIMIT", "many", 'Environment variable "QUESTION_LIMIT" invalid'),
    ("MINIMUM_FILL_SECONDS", "nan", 'Environment variable "MINIMUM_FILL_SECONDS" invalid'),
    ("MINIMUM_FILL_SECONDS", "-1", "MINIMUM_FILL_SECONDS must be a number of seconds"),
    ("PAGE_CACHE_SECONDS", "-1", "PAGE_CACHE_SECONDS must be a whole number"),
    ("OFFER_MINUTES", "0", "OFFER_MINUTES must be a whole number"),
    ("OFFER_MINUTES", "9" * 20, "OFFER_MINUTES must be a whole number"),
    ("STAFF_IDLE_MINUTES", "0", "STAFF_IDLE_MINUTES must be a whole number"),
    ("STAFF_SESSION_HOURS", "0", "STAFF_SESSION_HOURS must be a whole number"),
    ("HSTS_SUBDOMAINS", "perhaps", 'Environment variable "HSTS_SUBDOMAINS" invalid'),
    ("HSTS_PRELOAD", "perhaps", 'Environment variable "HSTS_PRELOAD" invalid'),
]
RIGHT = [
    ("BASE_URL", "https://www.clinic.example/"),
    ("BASE_URL", "HTTP://WWW.Clinic.Example:8000"),
    ("BASE_URL", "http://[2001:db8::1]:8000"),
    ("ALLOWED_HOSTS", ".clinic.example, 10.0.0.1,[::1],*"),
    ("DEFAULT_FROM_EMAIL", '"Willow Street PT, Inc." <desk@clinic.example>'),
    ("DEFAULT_FROM_EMAIL", "Klinik Süd St. 1 <desk@clinic.example>"),
    ("EMAIL_URL", "submission://user:p%40ss@mail.clinic.example:587"),
    ("EMAIL_URL", "smtp://mail.klinik-süd.example"),
    ("EMAIL_URL", "smtp://[::1]:25"),
    ("FRONT_DESK_EMAIL", ""),
    ("CLINIC_COUNTRY", "de"),
    ("HOST", "::1"),
    ("HOST", "[::1]"),
    ("HOST", "0.0.0.0"),
    ("HOST", "localhost"),
    ("PORT", "0"),
    ("TRUSTED_PROXIES", "127.0.0.1:8000, 10.0.0.0/8,[2001:db8::1]:443,2001:db8::/32,"),
    ("SECRET_KEY_FALLBACKS", "one,,two,"),
    ("MINIMUM_FILL_SECONDS", "0.5"),
]


@pytest.fixture(scope="module")
def said(tmp_path_factory):
    """What the settings say of each planted value; "works" where they take it."""
    folder = tmp_path_factory.mktemp("wrong")
    planted = [(name, value) for name, value, _sentence in WRONG] + RIGHT
    own = {"SECRET_KEY": "x" * 50, "VAR_DIR": str(folder), "ENV_FILE": str(folder / ".env")}
    asked = subprocess.run(
        [sys.executable, "-c", ASK, json.dumps([{name: value} for name, value in planted])],
        cwd=TOP,
        env=INHERITED | own,
        capture_output=True,
        text=True,
    )
    assert asked.returncode == 0, asked.stderr
    return dict(zip(planted, json.loads(asked.stdout), strict=True))


@pytest.mark.parametrize(("name", "value", "sentence"), WRONG)
def test_wrong_value_is_said_in_one_sentence(said, name, value, sentence):
    answer = said[name, value]

    assert (answer[: len(sentence)], answer.count("\n")) == (sentence, 0)


@pytest.mark.parametrize(("name", "value"), RIGHT)
def test_right_value_works(said, name, value):
    assert said[name, value] == "works"


def test_every_setting_was_tried():
    assert {name for name, _value, _sentence in WRONG} == set(SITE_VARIABLES)


@pytest.mark.parametrize(
    ("host", "origin"),
    [
        ("", "http://127.0.0.1:8123"),
        ("0.0.0.0", "http://127.0.0.1:8123"),
        ("192.168.1.5", "http://192.168.1.5:8123"),
        ("[0:0::1]", "http://[::1]:8123"),
        ("::", "http://[::1]:8123"),
        ("2001:DB8::5", "http://[2001:db8::5]:8123"),
        ("Desk.Local", "http://desk.local:8123"),
    ],
)
def test_the_default_address_follows_where_the_site_listens_and_is_answered(
    monkeypatch, host, origin
):
    monkeypatch.setenv("HOST", host)
    monkeypatch.setenv("PORT", "8123")
    monkeypatch.delenv("BASE_URL")

    assert setting_rules.base_url(setting_rules.origin()) == origin
    answered = setting_rules.allowed_hosts(origin)
    assert answered == [origin.removeprefix("http://").removesuffix(":8123"), "localhost"]
