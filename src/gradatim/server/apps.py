"""The one Django application of the server."""

from importlib import import_module

from django.apps import AppConfig


class ServerConfig(AppConfig):
    """Its label names the tables: ``gradatim_entry`` and so on."""

    name = "gradatim.server"
    label = "gradatim"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen to who signs in."""
        import_module("gradatim.server.heard")
