from django.apps import AppConfig


class NotesConfig(AppConfig):
    name = "fullfunnel.notes"
    default_auto_field = "django.db.models.BigAutoField"
