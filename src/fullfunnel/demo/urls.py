from django.urls import URLPattern, path

from fullfunnel.demo.walk import views as walk

app_name = "demo"
WALK = "w/<slug:slug>/walk/"
urlpatterns: list[URLPattern] = [
    path(WALK, walk.walk, name="walk"),
    path(WALK + "start/", walk.start, name="walk-start"),
    path(WALK + "now/", walk.now, name="walk-now"),
    path(WALK + "act/<str:name>/", walk.act, name="walk-act"),
    path(WALK + "vanish/", walk.leave, name="walk-vanish"),
]
