"""The site's WSGI application without a developer's `.env`."""

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
