"""In which language an answer is given: the best of those that the asker accepts."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

from gradatim.languages import language_for, speaking


class Speaks:
    """Speaks the asker's language while the interface answers, and says so to whoever keeps the answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._next = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith("/api/"):
            return self._next(request)  # the plain pages are in English, and say so
        language = language_for(request.headers.get("Accept-Language", ""))
        with speaking(language):
            response = self._next(request)
        patch_vary_headers(response, ("Accept-Language",))
        response.headers.setdefault("Content-Language", language)
        return response
