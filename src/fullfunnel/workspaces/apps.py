from django.apps import AppConfig


class WorkspacesConfig(AppConfig):
    name = "fullfunnel.workspaces"
    default_auto_field = "django.db.models.BigAutoField"
