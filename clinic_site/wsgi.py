"""The WSGI application that gunicorn serves."""

from django.core.wsgi import get_wsgi_application

from clinic_site import environment

environment.load()
application = get_wsgi_application()
