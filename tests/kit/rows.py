"""Rows of any model about a person, made by the kinds of its fields; and what has to become of them (wiring.ROWS_OF_PEOPLE)."""

import json
from collections.abc import Callable
from typing import Any

from django.db import models

# "room.Model" -> function (person) -> row, for a model whose rows cannot be made by the kinds of its fields alone.
EXAMPLES: dict[str, Callable[[Any], Any]] = {}


def row_about(model: type[models.Model], person: Any) -> Any:
    """Create a row of `model` about a person; its texts are of their own."""
    from fullfunnel.core.public_ids import new_public_id

    if example := EXAMPLES.get(f"{model._meta.app_label}.{model.__name__}"):
        return example(person)
    given = {}
    for field in model._meta.fields:
        if not (field.primary_key or field.has_default() or (field.null and not _is_of_person(field))):
            given[field.name] = _value(field, person, new_public_id())
    return model._default_manager.create(**given)


def _is_of_person(field: Any) -> bool:
    from fullfunnel.people.models import Person

    # Core knows no people, so its mails keep a plain number.
    return field.related_model is Person or field.name == "person_id"


def _value(field: Any, person: Any, text: str) -> Any:
    from fullfunnel.core import clock

    if _is_of_person(field):
        return person if field.related_model else person.pk
    if field.name == "workspace":
        return person.workspace
    if field.related_model is not None:
        return row_about(field.related_model, person)
    if field.choices:
        return field.choices[0][0]
    by_kind: dict[type, Any] = {
        models.BooleanField: True,
        models.IntegerField: 1,
        models.DecimalField: 1,
        models.DateTimeField: clock.now(),
        models.DateField: clock.now().date(),
        models.CharField: text[: field.max_length],
        models.TextField: text,
        models.JSONField: {"text": text},
    }
    for kind, value in by_kind.items():
        if isinstance(field, kind):
            return value
    raise LookupError(f"{field}: say in tests.kit.rows.EXAMPLES how a row of {field.model.__name__} is made")


def people_named(row: Any) -> list[int]:
    """Return the ids of the people that a row names now, field by field."""
    fresh = type(row)._default_manager.get(pk=row.pk)
    return [getattr(fresh, field.attname) for field in row._meta.fields if _is_of_person(field)]


def check_merges(model: type[models.Model], ada: Any, ben: Any) -> None:
    """Assert that ben's row is ada's after a merge, ben's when it is taken back, and that ada's own stay hers."""
    from fullfunnel.people import actions
    from fullfunnel.people.models import Merge

    own, moving = row_about(model, ada), row_about(model, ben)
    assert actions.merge_people(ada, loser=ben, by=None) == ada
    since = row_about(model, ada)
    assert _all_name(ada, own, moving, since), "a row did not follow its person"
    assert Merge.objects.get(loser=ben, undone_at=None).moved, "the merge does not keep what moved"
    actions.unmerge_people(Merge.objects.get(loser=ben, undone_at=None), by=None)
    assert _all_name(ben, moving), "a row did not come back"
    assert _all_name(ada, own, since), "a row went with somebody whose it was not"


def check_erasure(model: type[models.Model], ada: Any, ben: Any, cleo: Any) -> None:
    """Assert that the rows of ada, and of ben who is part of her, go with her, and cleo's stays."""
    from fullfunnel.people import actions
    from fullfunnel.people.models import Erasure

    gone, stays = [row_about(model, ada), row_about(model, ben)], row_about(model, cleo)
    actions.merge_people(ada, loser=ben, by=None)
    assert isinstance(actions.forget_person(ada, by=None), Erasure)
    left = set(model._default_manager.values_list("pk", flat=True))
    assert left.isdisjoint(row.pk for row in gone), "a row outlives its person"
    assert stays.pk in left, "somebody else's row went"


def check_told(name: str, model: type[models.Model], ada: Any, ben: Any, cleo: Any) -> None:
    """Assert that rows are told of ada with what they say and whom they were written about, and not cleo's."""
    from fullfunnel.people import actions
    from fullfunnel.people.about import everything_about

    rows = [row_about(model, ada), row_about(model, ben)]
    row_about(model, cleo)
    actions.merge_people(ada, loser=ben, by=None)
    told = json.loads(json.dumps(everything_about(ada)[name]))
    assert [each["person"] for each in told] == [ada.public_id, ben.public_id], "not the rows of these people, in order"
    for row, each in zip(rows, told, strict=True):
        texts = {value for value in model_texts(row) if value}
        assert not texts or any(text in json.dumps(each) for text in texts), "what a row says is not told"


def model_texts(row: Any) -> list[str]:
    """Return what stands in the text fields of a row."""
    return [getattr(row, f.attname) for f in row._meta.fields if isinstance(f, models.CharField | models.TextField)]


def _all_name(person: Any, *rows: Any) -> bool:
    return all(set(people_named(row)) == {person.pk} for row in rows)
