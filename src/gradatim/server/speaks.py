"""In which language an answer is given: the best of those that the asker accepts. Of ours, and of what allauth says about signing in."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

from gradatim.languages import language_for, speaking


class Speaks:
    """Speaks the asker's language while the interface answers, or what signs people in, and says so to whoever keeps the answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._next = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(("/api/", "/_allauth/")):
            return self._next(request)  # the plain pages are in English, and say so
        language = language_for(request.headers.get("Accept-Language", ""))
        with speaking(language), translation.override(language):
            response = self._next(request)
        patch_vary_headers(response, ("Accept-Language",))
        response.headers.setdefault("Content-Language", language)
        return response
