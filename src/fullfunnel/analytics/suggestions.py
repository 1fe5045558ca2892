"""A first funnel for a workspace, from the event names it has seen. Pure."""

# Roads that many companies have, longest first; each rung lists the names that stand for it, the best one first.
ROADS = (
    (
        ("page_viewed", "screen_viewed"),
        ("form_submitted", "demo_requested", "lead_created"),
        ("lead_handed_over", "lead_accepted", "handed_over"),
        ("deal_created", "opportunity_created", "deal_opened"),
        ("deal_won",),
    ),
    (
        ("page_viewed", "screen_viewed"),
        ("product_viewed",),
        ("product_added",),
        ("checkout_started",),
        ("order_completed",),
    ),
    (
        ("page_viewed", "screen_viewed"),
        ("signed_up", "trial_started", "account_created"),
        ("subscription_started", "order_completed", "plan_upgraded"),
    ),
)


def suggested_steps(seen: set[str]) -> list[str]:
    """The road of which most rungs were seen (at least two); else the first visit alone; else nothing."""
    roads = [[next((name for name in rung if name in seen), "") for rung in road] for road in ROADS]
    walked = [[name for name in road if name] for road in roads]
    best = max(walked, key=len)
    return best if len(best) > 1 or not walked else best[:1]
