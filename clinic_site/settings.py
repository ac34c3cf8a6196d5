"""Every setting, from the environment. CONTRACT: names and defaults stand in `.env.example`."""

from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from environs import Env

from booking.brand import palettes
from clinic_site import encrypted, setting_rules
from clinic_site.environment import tel_link, var_dir

BASE_DIR = Path(__file__).resolve().parent.parent
DEMO_SECRET_KEY = "only-for-the-demo-clinic-never-for-patients"

env = Env()
setting_rules.check_encoding("SECRET_KEY", "SECRET_KEY_FALLBACKS", "DATABASE_URL", "EMAIL_URL")
DEMO = env.bool("DEMO", False)
DEBUG = env.bool("DEBUG", False)
SECRET_KEY = env.str("SECRET_KEY", "") or (DEMO_SECRET_KEY if DEMO else "")
SECRET_KEY_FALLBACKS: list[str] = list(filter(None, env.list("SECRET_KEY_FALLBACKS", [])))
if not DEMO and SECRET_KEY in ("", DEMO_SECRET_KEY):
    raise ImproperlyConfigured("Set SECRET_KEY to a long random text of your own (or DEMO=1).")
if not DEMO and DEBUG:
    raise ImproperlyConfigured("Turn DEBUG off: it shows patients' data in error pages.")

# The clinic. Error pages need these without a database; name, color and style are the first values
# of the row that all other pages read (booking.models.Clinic).
CLINIC_NAME = setting_rules.line("CLINIC_NAME", "Willow Street Physical Therapy")
CLINIC_PHONE = setting_rules.telephone("(212) 555-0143")
CLINIC_COUNTRY = setting_rules.country("US")
CLINIC_STYLE = env.str("CLINIC_STYLE", palettes.STYLE)
if CLINIC_STYLE not in palettes.STYLES:
    raise ImproperlyConfigured(f"CLINIC_STYLE must be one of: {', '.join(palettes.STYLES)}.")
try:
    CLINIC_COLOR = palettes.check(CLINIC_STYLE, env.str("CLINIC_COLOR", palettes.COLOUR))
except palettes.Refused as error:
    raise ImproperlyConfigured(f"CLINIC_COLOR: {error}") from error
CLINIC_PHONE_LINK = tel_link(CLINIC_PHONE, CLINIC_COUNTRY)
TIME_ZONE = env.str("CLINIC_TIME_ZONE", "America/New_York")
if TIME_ZONE not in available_timezones():
    raise ImproperlyConfigured("CLINIC_TIME_ZONE must name a zone, such as America/New_York.")
USE_TZ = True
LANGUAGE_CODE = "en-us"
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "clinic_site.formats"  # one way to write a date, on staff pages
# The texts are English as they stand: without catalogs of the clinic's own, looking each of them
# up finds nothing, and takes a tenth of the time of a page.
USE_I18N = any(LOCALE_PATHS[0].glob("*/LC_MESSAGES/django.mo"))

VAR_DIR = var_dir()
# What gunicorn's configuration takes is looked at here too, so that every start says it.
setting_rules.workers()
BASE_URL = setting_rules.base_url(setting_rules.origin())
ALLOWED_HOSTS = setting_rules.allowed_hosts(BASE_URL)
TRUSTED_PROXIES: list[str] = list(filter(None, env.list("TRUSTED_PROXIES", [])))
setting_rules.networks(TRUSTED_PROXIES)
BOOKING_LIMIT = setting_rules.whole("BOOKING_LIMIT", 20)
ONLINE_BOOKINGS_AN_HOUR = setting_rules.whole("ONLINE_BOOKINGS_AN_HOUR", 40, least=1)
QUESTION_LIMIT = setting_rules.whole("QUESTION_LIMIT", 10)
ONLINE_QUESTIONS_AN_HOUR = setting_rules.whole("ONLINE_QUESTIONS_AN_HOUR", 40, least=1)
OPEN_BOOKINGS_LIMIT = setting_rules.whole("OPEN_BOOKINGS_LIMIT", 3)
MINIMUM_FILL_SECONDS = setting_rules.seconds("MINIMUM_FILL_SECONDS", 2)
PAGE_CACHE_SECONDS = setting_rules.whole("PAGE_CACHE_SECONDS", 60)
OFFER_MINUTES = setting_rules.whole("OFFER_MINUTES", 60, least=1)
FRONT_DESK_EMAIL = setting_rules.mailbox("FRONT_DESK_EMAIL")

BACKUP_DIR = setting_rules.folder("BACKUP_DIR", VAR_DIR / "backups")
BACKUP_PUBLIC_KEY = setting_rules.public_key("BACKUP_PUBLIC_KEY")

INSTALLED_APPS = [
    "booking",
    "conditions",
    "clinic_site.management.deploy_checks.ClinicSiteConfig",
    "auditlog",
    "crispy_forms",
    "csp",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "django_otp",
    "django_otp.plugins.otp_static",
    "django_otp.plugins.otp_totp",
]
MIDDLEWARE = [
    "clinic_site.middleware.headers.HeadersMiddleware",
    "clinic_site.middleware.proxies.TrustedProxiesMiddleware",
    "clinic_site.middleware.health.HealthMiddleware",
    "clinic_site.middleware.faults.FaultsMiddleware",
    "clinic_site.middleware.refused.log_refused",
    "clinic_site.middleware.caching.CacheControlMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Packs what is not kept, and lets pages through that the shelf has packed already.
    "django.middleware.gzip.GZipMiddleware",
    "clinic_site.middleware.page_cache.PageCacheMiddleware",
    "clinic_site.middleware.policy.ContentPolicyMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "clinic_site.middleware.nul.refuse_nul",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "clinic_site.middleware.line_breaks.LineBreaksMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "clinic_site.middleware.staff_gate.StaffGateMiddleware",
    "clinic_site.middleware.bodies.refuse_too_much",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "clinic_site.middleware.history.StaffHistoryMiddleware",
    "clinic_site.middleware.looks.LooksMiddleware",
]
ROOT_URLCONF = "clinic_site.urls"
WSGI_APPLICATION = "clinic_site.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FIXTURE_DIRS = [BASE_DIR / "fixtures"]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "clinic_site.look.template_loader.UnindentedLoader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                ),
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "clinic_site.context_processors.clinic",
            ],
        },
    },
]
CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "clinic"

# Databases: see booking/constraints.py for what both must keep.
DATABASES = {
    "default": env.dj_db_url("DATABASE_URL", f"sqlite:///{VAR_DIR / 'clinic.sqlite3'}"),
}
_engine = DATABASES["default"]["ENGINE"]
if _engine == "django.db.backends.sqlite3":
    # A connection reads on in the file that it has opened. Opened anew by each request, it finds
    # a backup that was put in the file's place.
    DATABASES["default"]["CONN_MAX_AGE"] = 0
    DATABASES["default"]["OPTIONS"] = {
        # IMMEDIATE takes the write lock before the first read: two bookings wait, none dies.
        "transaction_mode": "IMMEDIATE",
        "timeout": 8,
        # FULL: what was acknowledged survives a power cut. WAL corrupts on 3.7.0 to 3.51.2.
        # What is deleted is written over at once: an erased name is not left in the file.
        "init_command": "PRAGMA journal_mode=DELETE; PRAGMA synchronous=FULL;"
        " PRAGMA secure_delete=ON",
    }
elif _engine == "django.db.backends.postgresql":
    DATABASES["default"] |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
    # Behind PgBouncer in transaction mode a cursor's next rows may be asked of another connection.
    DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"] = True
    # It also refuses `options`: limits of time are kept by the database (booking/time_limits).
    DATABASES["default"].setdefault("OPTIONS", {}).update(connect_timeout=3)
    if not DEMO:
        DATABASES["default"]["OPTIONS"] |= encrypted.database_tls(DATABASES["default"])
else:
    raise ImproperlyConfigured("DATABASE_URL must name SQLite or PostgreSQL.")

# PostgreSQL's limits of time: of the site, and of one statement of a migration. Who waits for a
# table's lock has everybody wait behind them.
DATABASE_LIMITS = {
    "lock_timeout": "3s",
    "statement_timeout": "8s",
    "idle_in_transaction_session_timeout": "10s",
}
MIGRATION_LIMITS = {"lock_timeout": "3s", "statement_timeout": "60s"}

# Static files
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_ROOT = BASE_DIR / "static" / "root"  # served at the top: /favicon.ico
MEDIA_ROOT = VAR_DIR / "uploads"  # what the site has made of staff's photographs
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# E-mail: files in VAR_DIR/mail/ unless EMAIL_URL names a server.
DEFAULT_FROM_EMAIL = setting_rules.sender("front-desk@clinic.example")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
EMAIL_TIMEOUT = 10
EMAIL_BACKEND = "booking.messages.files.EmailBackend"
EMAIL_FILE_PATH = VAR_DIR / "mail"
if env.str("EMAIL_URL", ""):
    _email = env.dj_email_url("EMAIL_URL")
    if not str(_email.get("EMAIL_BACKEND")).endswith(".smtp.EmailBackend"):
        raise ImproperlyConfigured("EMAIL_URL must begin with submission:// or smtp://.")
    setting_rules.check_mail_server(_email["EMAIL_HOST"] or "")
    EMAIL_BACKEND = _email["EMAIL_BACKEND"]
    EMAIL_HOST = _email["EMAIL_HOST"]
    EMAIL_PORT = _email["EMAIL_PORT"]
    EMAIL_HOST_USER = _email["EMAIL_HOST_USER"]
    EMAIL_HOST_PASSWORD = _email["EMAIL_HOST_PASSWORD"]
    EMAIL_USE_SSL = _email["EMAIL_USE_SSL"]
    EMAIL_USE_TLS = _email["EMAIL_USE_TLS"] or (
        not DEMO and not EMAIL_USE_SSL and encrypted.mail_needs_tls(_email["EMAIL_HOST"])
    )

# Staff sign-in
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"
_BY_DJANGO = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{_BY_DJANGO}.UserAttributeSimilarityValidator"},
    {"NAME": f"{_BY_DJANGO}.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": f"{_BY_DJANGO}.CommonPasswordValidator"},
    {"NAME": f"{_BY_DJANGO}.NumericPasswordValidator"},
    {"NAME": "clinic_site.staff.clinic_words.ClinicWordsValidator"},
    {"NAME": "clinic_site.staff.breached.BreachedValidator"},
]
PASSWORD_RESET_TIMEOUT = 3600
# The front desk's computer is shared.
STAFF_IDLE_MINUTES = setting_rules.whole("STAFF_IDLE_MINUTES", 15, least=1)
STAFF_SESSION_HOURS = setting_rules.whole("STAFF_SESSION_HOURS", 12, least=1)
SESSION_ENGINE = "clinic_site.staff.sessions"
# The cookie outlives the session: what is typed as that ends is kept for whose it was.
SESSION_COOKIE_AGE = 2 * 3600 * STAFF_SESSION_HOURS
# Passwords that may be tried in an hour: with one name from all networks together, and from one
# network with all names. A whole clinic shares one address, and people mistype. Whoever rents an
# IPv6 /48 has 65,536 networks in it.
TRIES_BY_NAME = 5
TRIES_BY_NETWORK = 50
TRIES_BY_WIDE_NETWORK = 2 * TRIES_BY_NETWORK
# As many as leave a worker free for pages.
HASHES_AT_ONCE = max(1, env.int("WEB_CONCURRENCY", 2) - 1)

# The history of changes keeps who, not from where: a patient's address is nobody's business.
AUDITLOG_DISABLE_REMOTE_ADDR = True

# Security
SECURE_COOKIES = urlsplit(BASE_URL).scheme == "https"
CSRF_COOKIE_SECURE = SESSION_COOKIE_SECURE = SECURE_SSL_REDIRECT = SECURE_COOKIES
# Where https is: told from the settings, not from the host that was asked for.
SECURE_SSL_HOST = urlsplit(BASE_URL).netloc
COOKIE_PREFIX = "__Host-" if SECURE_COOKIES else ""  # what it keeps out: booking/secrets/cookies.py
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}sessionid", f"{COOKIE_PREFIX}csrftoken"
SECURE_HSTS_SECONDS = 31536000 if SECURE_COOKIES else 0
# Both reach past this site, to every other subdomain of the clinic's: its own choice to make.
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("HSTS_SUBDOMAINS", False)
SECURE_HSTS_PRELOAD = env.bool("HSTS_PRELOAD", False)
CSRF_FAILURE_VIEW = "clinic_site.errors.csrf_failure"
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
CSRF_COOKIE_HTTPONLY = True
# What staff are told names patients: not in a cookie, where anybody at the computer can read it.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
CSRF_TRUSTED_ORIGINS = [BASE_URL]
SECURE_REFERRER_POLICY = "same-origin"  # "no-referrer" makes browsers send Origin: null
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],  # scripts as well
        "style-src": [SELF],  # and the hash of the sheet that a page holds (middleware.policy)
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],  # by it auditors may read robots.txt; pages run no script to use it
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
}
# What staff pages may do instead.
STAFF_CONTENT_POLICY = {"script-src": [SELF], "img-src": [SELF, "data:"]}

# Logs go to stderr, masked, and never by e-mail: an error report quotes what a patient typed.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "masked": {
            "()": "clinic_site.logs.MaskingFormatter",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "masked"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": [], "level": "INFO"},
        "django.server": {"handlers": [], "level": "INFO", "propagate": True},
        "fido2": {"level": "WARNING"},  # would name each passkey
    },
}
