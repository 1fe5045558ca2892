"""Hand-overs, deals and activities, for programs: docs/api.md."""

from ninja import Router

from fullfunnel.crm.api import activities, deals, hand_overs

router = Router()
for part in (hand_overs, deals, activities):
    router.add_router("", part.router)

__all__ = ["router"]
