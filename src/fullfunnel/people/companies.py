"""Companies as the stream names them: found or made, and what it says of them."""

from collections.abc import Iterable

import msgspec

from fullfunnel.core import clock
from fullfunnel.people import sql
from fullfunnel.people.models import Company
from fullfunnel.people.traits import MOST

LONGEST_KEY = 200


def company_key(key: str | None) -> str | None:
    """The key as it is kept, or None for what names no company."""
    key = (key or "").strip()
    return key if 0 < len(key) <= LONGEST_KEY else None


def upsert_companies(workspace_id: int, keys: Iterable[str]) -> dict[str, int]:
    """The ids of these companies by key; those never heard of are made, with the key as their name."""
    wanted = set(keys)
    found = _find(workspace_id, wanted)
    # Careful: only then. Even an insert of nothing takes the database's write lock.
    if missing := wanted - found.keys():
        _insert(workspace_id, missing)
        found |= _find(workspace_id, missing)
    return found


def _insert(workspace_id: int, keys: Iterable[str]) -> None:
    sql.execute(
        "INSERT INTO people_company (workspace_id, key, name, domain, traits, vouched_traits, created_at) "
        f"SELECT %s, key, '', '', '{{}}', '[]', %s FROM {sql.table(key='text')} AS t WHERE true "
        "ON CONFLICT (workspace_id, key) DO NOTHING",
        [workspace_id, sql.time_text(clock.now_us()), sql.packed([[key] for key in keys])],
    )


def _find(workspace_id: int, keys: Iterable[str]) -> dict[str, int]:
    found = sql.select(
        f"SELECT c.key, c.id FROM {sql.table(key='text')} AS t CROSS JOIN people_company AS c "
        "WHERE c.workspace_id = %s AND c.key = t.key",
        [sql.packed([[key] for key in keys]), workspace_id],
    )
    return dict(found)


# company id, traits, whether it may overwrite what is known, whether a server or a file says it.
Saying = tuple[int, dict[str, str | None], bool, bool]


def say_of_companies(workspace_id: int, said: list[Saying]) -> None:
    """Set traits of companies, in order. What a server or a file said, only they change."""
    companies = {c.pk: c for c in Company.objects.filter(workspace_id=workspace_id, pk__in={row[0] for row in said})}
    changed: dict[int, Company] = {}
    for company_id, traits, overwrite, is_trusted in said:
        known, vouched = companies[company_id].traits, companies[company_id].vouched_traits
        for trait, value in traits.items():
            if is_trusted and trait not in vouched and len(vouched) < MOST:
                vouched.append(trait)
                changed[company_id] = companies[company_id]
            if not is_trusted and trait in vouched:
                continue
            if value == known.get(trait) or (trait in known and not overwrite):
                continue
            if value is None:
                known.pop(trait, None)
            elif trait in known or len(known) < MOST:
                known[trait] = value
            changed[company_id] = companies[company_id]
    _write(list(changed.values()))


def _write(companies: list[Company]) -> None:
    rows = []
    for company in companies:
        site = company.traits.get("domain") or company.traits.get("website") or ""
        domain = site.split("//")[-1].split("/")[0].lower().removeprefix("www.")[:253]
        name = company.traits.get("name", "")[:300]
        texts = [msgspec.json.encode(held).decode() for held in (company.traits, company.vouched_traits)]
        rows.append([company.pk, *texts, name, domain])
    if rows:
        # Careful: bulk_update writes a CASE for every row; most of the time of an import went there.
        table = sql.table(id="bigint", traits="json", vouched="json", name="text", domain="text")
        sql.execute(
            "UPDATE people_company SET traits = t.traits, vouched_traits = t.vouched, name = t.name, domain = t.domain "
            f"FROM {table} AS t WHERE people_company.id = t.id",
            [sql.packed(rows)],
        )
