from django.apps import AppConfig


class SegmentsConfig(AppConfig):
    name = "fullfunnel.segments"
    default_auto_field = "django.db.models.BigAutoField"
