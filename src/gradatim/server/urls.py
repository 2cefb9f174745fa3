"""What is answered where."""

from __future__ import annotations

from django.urls import include, path

from gradatim.server import health
from gradatim.server.api import api
from gradatim.server.problems import not_found

urlpatterns = [
    path("api/v1/", api.urls),
    path("_allauth/", include("allauth.headless.urls")),
    path("health/live", health.live),
    path("health/ready", health.ready),
    path("metrics", health.metrics),
]
handler404 = not_found
handler500 = "gradatim.server.problems.failed"
handler400 = "gradatim.server.problems.bad_request"
handler403 = "gradatim.server.problems.forbidden"
