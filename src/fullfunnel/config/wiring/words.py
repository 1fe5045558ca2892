"""What Ctrl-K finds the pages of the menu by, beside their names."""

# URL name of NAV -> what the trade calls what stands there.
WORDS: dict[str, tuple[str, ...]] = {
    "stages:home": (
        "both funnels", "home", "tofu", "mofu", "bofu", "top of the funnel", "middle of the funnel", "bottom of the funnel",
        "awareness", "consideration", "loyalty", "advocacy", "nps", "referrals", "conversion rate", "leaks", "smarketing",
        "revops", "customer journey",
    ),
    "analytics:overview": ("dashboard", "kpi", "kpis", "today", "report"),
    "crm:inbox": (
        "lead nurturing", "nurturing", "recycle", "mql", "sql", "sal", "lead", "leads", "lead scoring", "qualified lead",
        "hand-over", "handover", "handoff", "sla", "service level", "speed to lead", "first answer", "waiting", "bant",
    ),
    "crm:tasks": ("to do", "to-do", "todo", "follow-up", "follow up", "reminder", "reminders", "next step", "calls"),
    "crm:promises": (
        "sla", "service level", "speed to lead", "response time", "first touch", "first answer", "kept promises", "smarketing",
    ),
    "crm:deals": (
        "pipeline", "opportunities", "opportunity", "forecast", "kanban", "board", "win rate", "won", "lost", "acv", "quota",
    ),
    "analytics:funnel": ("conversion", "drop-off", "steps", "cro", "sales cycle"),
    "analytics:trend": ("chart", "line", "growth", "mau", "dau", "traffic", "visits", "sessions"),
    "analytics:retention": ("churn", "cohort", "cohorts", "stickiness", "ltv", "clv", "come back", "repeat purchase"),
    "analytics:paths": ("sankey", "flow", "user flow", "behaviour", "journey"),
    "analytics:attribution": (
        "roi", "roas", "cac", "return on investment", "first touch", "last touch", "multi-touch", "markov", "shapley",
        "campaigns", "ads", "sea", "seo", "sem", "ppc", "utm",
    ),
    "analytics:saved": ("questions", "reports", "favourites"),
    "people:list": ("cdp", "customer data platform", "contacts", "persons", "customers", "visitors", "profiles", "icp",
                    "persona", "segment", "segments", "audience"),
    "crm:companies": ("accounts", "organisations", "abm", "account-based marketing", "firms"),
    "campaigns:list": ("ads", "advertising", "spend", "budget", "cost", "cpc", "media", "utm", "sea", "ppc", "marketing plan"),
    "campaigns:channels": ("money", "return", "roas", "roi", "cac", "cost per lead", "payback", "channel mix", "return on ad spend"),
    "campaigns:content": ("content library", "guides", "assets", "landing pages", "blog", "articles", "case studies", "how did you hear"),
    "forms:list": ("lead capture", "landing page", "lead magnet", "contact form", "survey", "opt-in", "inbound"),
    "workspaces:settings": ("preferences", "configuration", "administration"),
}  # fmt: skip
