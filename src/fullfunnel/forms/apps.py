from django.apps import AppConfig


class FormsConfig(AppConfig):
    name = "fullfunnel.forms"
    default_auto_field = "django.db.models.BigAutoField"
