"""How gunicorn serves the site: `gunicorn -c clinic_site/gunicorn_config.py clinic_site.wsgi`."""

import gc
import sys
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

from clinic_site import environment, setting_rules
from clinic_site.logs import MaskingLogger

try:
    environment.load()
    bind = f"{setting_rules.in_address(setting_rules.host())}:{setting_rules.port()}"
    workers = setting_rules.workers()
except environment.WRONG as error:
    sys.exit(str(error))
worker_class = "gthread"
threads = 4
# The database gives up after 8 seconds; what takes 30 is stuck.
timeout = 30
graceful_timeout = 10
keepalive = 5
# Bytes of an address with its query: the longest that a search or a choice of ours needs is below.
limit_request_line = 4094
# The site decides whom to believe (TRUSTED_PROXIES), not gunicorn.
forwarded_allow_ips = ""
control_socket_disable = True
accesslog = "-"
access_log_format = "%(t)s %(m)s %(U)s %(s)s %(B)s bytes %(M)s ms"
logger_class = MaskingLogger


def on_starting(server: object) -> None:
    """Stop with one sentence, before any worker, when the settings are wrong."""
    try:
        _ = settings.SECRET_KEY
    except environment.WRONG as error:
        sys.exit(str(error))


def post_worker_init(worker: Any) -> None:
    """What is loaded by now stays as long as the worker: the collector need not look through it.

    Then it listens already, and makes pages beside its answers. By name: models are read only now.
    """
    gc.collect()
    gc.freeze()
    import_string("clinic_site.middleware.warming.begin")(worker.wsgi)
