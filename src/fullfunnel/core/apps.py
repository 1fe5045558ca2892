from importlib import import_module

from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "fullfunnel.core"
    default_auto_field = "django.db.models.BigAutoField"

    def import_models(self) -> None:
        """The only models of core are those of its mail."""
        super().import_models()
        self.models_module = import_module(f"{__package__}.mail.models")
