"""The WSGI application that gunicorn serves."""

import sys

from django.core.wsgi import get_wsgi_application

from clinic_site import environment

APP_LOAD_ERROR = 4  # gunicorn stops on it, and starts no other worker in vain

try:
    environment.load()
    application = get_wsgi_application()
except environment.WRONG as error:
    sys.stderr.write(f"{error}\n")
    sys.exit(APP_LOAD_ERROR)
