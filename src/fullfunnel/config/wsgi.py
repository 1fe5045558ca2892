"""Django alone, as WSGI; config/asgi.py puts capture in front of it."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fullfunnel.config.settings")
application = get_wsgi_application()
