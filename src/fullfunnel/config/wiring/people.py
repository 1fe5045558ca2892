"""What happens to the rows of rooms above when their person is merged, erased, or asks what is known of them."""

# Name -> path of a people.following.Rows, which people.rows.RowsOfPeople makes of a model. Every model that names a person is in one.
# Careful: merges keep what moved under the name. Renamed, an entry does not get its rows back when an older merge is taken back.
ROWS_OF_PEOPLE = {
    "forms": "fullfunnel.forms.following.SUBMISSIONS",
    "mails": "fullfunnel.people.mails.MAILS",
    "opt-ins": "fullfunnel.messaging.following.OPT_INS",
    "pauses": "fullfunnel.messaging.following.PAUSES",
    "notes": "fullfunnel.notes.following.NOTES",
    "notices": "fullfunnel.notices.following.NOTICES",
    "hand-over-joins": "fullfunnel.crm.following.HAND_OVER_JOINS",
    "activities": "fullfunnel.crm.following.ACTIVITIES",
    "stage-moves": "fullfunnel.stages.rules.following.STAGE_MOVES",
    "tasks": "fullfunnel.crm.following.TASKS",
    # Careful: before the hand-overs, for the texts of deals are looked through while these still say whose they are.
    "roles": "fullfunnel.crm.following.DEAL_PEOPLE",
    "hand-overs": "fullfunnel.crm.following.HAND_OVERS",
}
