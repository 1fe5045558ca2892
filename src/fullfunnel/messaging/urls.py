from django.urls import URLPattern, path

from fullfunnel.messaging.views import panel, public, topics

app_name = "messaging"
TOPICS = "w/<slug:slug>/settings/topics/"
TOPIC = TOPICS + "<str:public_id>/"
OF_PERSON = "w/<slug:slug>/people/<str:public_id>/topics/"
urlpatterns: list[URLPattern] = [
    path("confirm/<str:token>/", public.confirm, name="confirm"),
    path("u/<str:token>/", public.preferences, name="preferences"),
    path("u/<str:token>/all", public.leave_all, name="leave-all"),
    path(TOPICS, topics.topics, name="topics"),
    path(TOPIC, topics.topic, name="topic"),
    path(TOPIC + "archive/", topics.archive, name="archive-topic"),
    path(OF_PERSON, panel.topics_panel, name="person-topics"),
    path(OF_PERSON + "leave/", panel.leave, name="person-leave"),
]
