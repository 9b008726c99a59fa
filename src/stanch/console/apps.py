"""The one Django application of the console."""

from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    """Name the application; nothing happens on start."""

    name = "stanch.console"
    label = "console"
    default_auto_field = "django.db.models.BigAutoField"
