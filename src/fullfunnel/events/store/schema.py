"""The columns of the stream: the fields of event.Event, in their order."""

from fullfunnel.events.event import PROMOTED, Event

TEXT, INTEGER, MOMENT, MONEY, MAP = "VARCHAR", "BIGINT", "TIMESTAMP", "DECIMAL(18,4)", "MAP(VARCHAR, VARCHAR)"
_SPECIAL = {
    "occurred_at": MOMENT,
    "received_at": MOMENT,
    "revenue": MONEY,
    "properties": MAP,
    **dict.fromkeys(("workspace_id", "seq", "identity_id", "company_id", "source_id", "schema_version"), INTEGER),
}
# Column -> SQL type, in the order of the fields of Event. Moments are microseconds in UTC without a zone.
COLUMNS: dict[str, str] = {name: _SPECIAL.get(name, TEXT) for name in Event.__struct_fields__}
# What a question may name beside `properties`; text, but for revenue.
QUESTIONED = frozenset(PROMOTED)
# seq = batch id * SEQ_SPAN + position in the batch: the order of arrival, and the same again when a batch is repeated.
SEQ_SPAN = 2**20
