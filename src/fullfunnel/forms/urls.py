from django.urls import URLPattern, path

from fullfunnel.forms.views import public

app_name = "forms"
urlpatterns: list[URLPattern] = [
    path("f/<str:public_id>/", public.hosted, name="hosted"),
    path("f/<str:public_id>/colours.css", public.colours, name="colours"),
    path("f/<str:public_id>/logo/<str:file_id>", public.logo, name="logo"),
]
