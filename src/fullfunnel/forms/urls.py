from django.urls import URLPattern, path

from fullfunnel.forms.views import answers, building, funnel, keeping, lists, public

app_name = "forms"
FORMS = "w/<slug:slug>/forms/"
FORM = FORMS + "<str:public_id>/"
FIELD = FORM + "fields/<str:key>/"
urlpatterns: list[URLPattern] = [
    path("f/embed.js", public.embed_script, name="embed-script"),
    path("f/<str:public_id>/", public.hosted, name="hosted"),
    path("f/<str:public_id>/seen/", public.seen, name="seen"),
    path("f/<str:public_id>/colours.css", public.colours, name="colours"),
    path("f/<str:public_id>/logo/<str:file_id>", public.logo, name="logo"),
    path(FORMS, lists.form_list, name="list"),
    path(FORMS + "new/", lists.new, name="new"),
    path(FORMS + "pain-points/", lists.pain_points, name="pain-points"),
    path(FORM, building.build, name="build"),
    path(FORM + "preview/", building.preview, name="preview"),
    path(FORM + "words/", building.say_words, name="words"),
    path(FORM + "translate/", building.translate, name="translate"),
    path(FORM + "undo/", building.undo, name="undo"),
    path(FORM + "redo/", building.redo, name="redo"),
    path(FORM + "add-field/", building.add, name="add"),
    path(FIELD, building.change, name="change"),
    path(FIELD + "move/", building.move, name="move"),
    path(FIELD + "duplicate/", building.duplicate, name="duplicate"),
    path(FIELD + "remove/", building.remove, name="remove"),
    path(FORM + "after-sending/", keeping.after, name="after"),
    path(FORM + "where-it-stands/", keeping.stands, name="stands"),
    path(FORM + "publish/", keeping.publish, name="publish"),
    path(FORM + "discard/", keeping.discard, name="discard"),
    path(FORM + "close/", keeping.close, name="close"),
    path(FORM + "reopen/", keeping.reopen, name="reopen"),
    path(FORM + "answers/", answers.answers, name="answers"),
    path(FORM + "answers/<str:submission_id>/", answers.submission, name="submission"),
    path(FORM + "answers.csv", answers.answers_file, name="answers-csv"),
    path(FORM + "funnel/", funnel.funnel, name="funnel"),
]
