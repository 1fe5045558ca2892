from django.urls import URLPattern, path

from fullfunnel.people.views import changes, lists, record

app_name = "people"
HERE = "w/<slug:slug>/people/"
PERSON = HERE + "<str:public_id>/"
urlpatterns: list[URLPattern] = [
    path(HERE, lists.people_list, name="list"),
    path(HERE + "find/", lists.find, name="find"),
    path(HERE + "proposals/", changes.proposals, name="proposals"),
    path(HERE + "proposals/<int:pk>/", changes.decide, name="decide"),
    path(HERE + "merges/<int:pk>/", changes.undo_merge, name="undo-merge"),
    path(PERSON, record.person, name="person"),
    path(PERSON + "timeline/", record.timeline, name="timeline"),
    path(PERSON + "earlier/", record.earlier, name="moments"),
    path(PERSON + "merge/", changes.merge, name="merge"),
    path(PERSON + "forget/", changes.forget, name="forget"),
]
