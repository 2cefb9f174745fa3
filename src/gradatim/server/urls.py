"""What is answered where."""

from __future__ import annotations

from allauth.socialaccount.providers.openid_connect import views as openid_connect
from django.urls import include, path

from gradatim.server import health, pages
from gradatim.server.api import api
from gradatim.server.app_files import app_file, to_app
from gradatim.server.problems import not_found

urlpatterns = [
    path("", pages.front),
    path("pair", pages.pair),
    path("code", pages.code),
    path("devices/end", pages.end),
    path("home-certificate", pages.home_certificate),
    path("static/<str:name>", pages.static),
    path("app", to_app),
    path("app/", pages.app),
    path("app/<path:name>", app_file),
    path("api/v1/", api.urls),
    path("_allauth/", include("allauth.headless.urls")),
    path("_allauth/<str:provider_id>/callback", openid_connect.callback, name="openid_connect_callback"),
    path("health/live", health.live),
    path("health/ready", health.ready),
    path("metrics", health.metrics),
]
handler404 = not_found
handler500 = "gradatim.server.problems.failed"
handler400 = "gradatim.server.problems.bad_request"
handler403 = "gradatim.server.problems.forbidden"
