from django.urls import URLPattern, path

from fullfunnel.demo.tour import views as tour
from fullfunnel.demo.walk import views as walk
from fullfunnel.demo.welcome.views import welcome

app_name = "demo"
TOUR = "w/<slug:slug>/tour/"
WALK = "w/<slug:slug>/walk/"
urlpatterns: list[URLPattern] = [
    path("welcome/<str:token>/", welcome, name="welcome"),
    path(TOUR, tour.tour, name="tour"),
    path(TOUR + "card/<int:number>/", tour.card, name="tour-card"),
    path(WALK, walk.walk, name="walk"),
    path(WALK + "start/", walk.start, name="walk-start"),
    path(WALK + "now/", walk.now, name="walk-now"),
    path(WALK + "act/<str:name>/", walk.act, name="walk-act"),
    path(WALK + "vanish/", walk.leave, name="walk-vanish"),
]
