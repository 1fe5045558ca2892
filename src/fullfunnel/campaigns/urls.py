from django.urls import URLPattern, path

from fullfunnel.campaigns.views import campaigns, channels, content, spend

app_name = "campaigns"
HERE = "w/<slug:slug>/campaigns/"
ONE = HERE + "of/<str:campaign_id>/"
REPORT = HERE + "spend/reports/<str:report_id>/"
CONTENT = "w/<slug:slug>/content/"
PIECE = CONTENT + "pieces/<str:piece_id>/"
urlpatterns: list[URLPattern] = [
    path("w/<slug:slug>/channels/", channels.channels, name="channels"),
    path("w/<slug:slug>/channels.csv", channels.channels_file, name="channels-csv"),
    path("w/<slug:slug>/channels/people/", channels.people, name="people"),
    path("w/<slug:slug>/channels/margin/", channels.margin, name="margin"),
    path(HERE, campaigns.campaign_list, name="list"),
    path(HERE + "new/", campaigns.new, name="new"),
    path(HERE + "link/", campaigns.link, name="link"),
    path(HERE + "names/", spend.names, name="names"),
    path(HERE + "names/<int:name_id>/release/", spend.release, name="release-name"),
    path(HERE + "spend/", spend.spend, name="spend"),
    path(HERE + "spend/reports/", spend.add, name="add-report"),
    path(REPORT, spend.report, name="report"),
    path(REPORT + "bring/", spend.bring, name="bring-report"),
    path(REPORT + "undo/", spend.undo, name="undo-report"),
    path(REPORT + "refused.csv", spend.refused_rows, name="refused-rows"),
    path(ONE, campaigns.campaign, name="campaign"),
    path(ONE + "edit/", campaigns.edit, name="edit"),
    path(ONE + "remove/", campaigns.remove, name="remove"),
    path(CONTENT, content.library, name="content"),
    path(CONTENT + "new/", content.new, name="new-piece"),
    path(CONTENT + "landing/", content.landing, name="landing"),
    path(CONTENT + "said/", content.said, name="said"),
    path(PIECE, content.piece, name="piece"),
    path(PIECE + "edit/", content.edit, name="edit-piece"),
    path(PIECE + "remove/", content.remove, name="remove-piece"),
]
