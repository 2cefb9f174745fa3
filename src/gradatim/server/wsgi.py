"""What a WSGI server runs."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gradatim.server.django_settings")

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
