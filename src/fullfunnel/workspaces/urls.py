from django.urls import URLPattern, path

from fullfunnel.workspaces.views import entrance, keys, look, members, settings, sources, style_guide, team

app_name = "workspaces"
SETTINGS = "w/<slug:slug>/settings/"
TEAM = SETTINGS + "team/"
STYLE = "w/<slug:slug>/style-guide/"
urlpatterns: list[URLPattern] = [
    path("", entrance.home, name="home"),
    path("sign-in/", entrance.sign_in, name="sign-in"),
    path("sign-out/", entrance.sign_out, name="sign-out"),
    path("join/<str:token>/", entrance.join, name="join"),
    path("w/<slug:slug>/how-you-sell/", entrance.how_you_sell, name="sells"),
    path(SETTINGS, settings.settings_home, name="settings"),
    path(SETTINGS + "workspace/", settings.workspace_settings, name="workspace"),
    path(SETTINGS + "account/", settings.account, name="account"),
    path(SETTINGS + "what-counts/", settings.what_counts, name="what-counts"),
    path(SETTINGS + "look/", look.look, name="look"),
    path(SETTINGS + "look/logo/", look.logo, name="logo"),
    path(SETTINGS + "look/logo/remove/", look.remove_logo, name="remove-logo"),
    path("w/<slug:slug>/files/<str:file_id>", look.stored_file, name="stored-file"),
    path(SETTINGS + "audit/", settings.audit_trail, name="audit"),
    path(TEAM, team.team, name="team"),
    path(TEAM + "hours/", team.hours, name="hours"),
    path(TEAM + "members/<int:membership_id>/", team.member, name="team-member"),
    path(TEAM + "members/<int:membership_id>/hours/", team.member_hours, name="member-hours"),
    path(TEAM + "holidays/", team.holidays, name="holidays"),
    path(TEAM + "holidays/public/", team.add_public_holidays, name="add-public-holidays"),
    path(TEAM + "holidays/<int:holiday_id>/remove/", team.remove_holiday, name="remove-holiday"),
    path(TEAM + "absence/", team.absence, name="absence"),
    path(TEAM + "absences/<int:absence_id>/remove/", team.remove_absence, name="remove-absence"),
    path(TEAM + "teams/", team.create_team, name="create-team"),
    path(TEAM + "teams/<str:team_id>/remove/", team.remove_team, name="remove-team"),
    path(SETTINGS + "members/", members.members, name="members"),
    path(SETTINGS + "members/<int:membership_id>/role/", members.change_role, name="change-role"),
    path(SETTINGS + "members/<int:membership_id>/remove/", team.remove_member, name="remove-member"),
    path(
        SETTINGS + "invitations/<int:invitation_id>/withdraw/", members.withdraw_invitation, name="withdraw-invitation"
    ),
    path(SETTINGS + "keys/", keys.keys, name="keys"),
    path(SETTINGS + "keys/<int:key_id>/revoke/", keys.revoke_key, name="revoke-key"),
    path(SETTINGS + "sources/", sources.sources, name="sources"),
    path(SETTINGS + "sources/<int:source_id>/", sources.source, name="source"),
    path(SETTINGS + "sources/<int:source_id>/status/", sources.source_status, name="source-status"),
    path(SETTINGS + "sources/<int:source_id>/rotate/", sources.rotate_write_key, name="rotate-write-key"),
    path(
        SETTINGS + "sources/<int:source_id>/keys/<int:key_id>/revoke/",
        sources.revoke_write_key,
        name="revoke-write-key",
    ),
    path(STYLE, style_guide.style_guide, name="style-guide"),
    path(STYLE + "move/<slug:key>/", style_guide.move, name="style-guide-move"),
    path(STYLE + "record/<slug:number>/", style_guide.record, name="style-guide-record"),
    path(STYLE + "options/", style_guide.options, name="style-guide-options"),
    path(STYLE + "rows.csv", style_guide.rows_file, name="style-guide-file"),
    path(STYLE + "undo/", style_guide.undo, name="style-guide-undo"),
]
