from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "fullfunnel.people"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Refuse to start with rows that could not follow their person, rather than to stop a drain in the middle."""
        from fullfunnel.people.following import rows_of_people

        rows_of_people()
