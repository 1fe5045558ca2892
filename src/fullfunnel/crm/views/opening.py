"""A new deal, for a person or a company."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from fullfunnel.core.pages import answer_options, render_form, tell
from fullfunnel.core.refused import Refused
from fullfunnel.crm import actions
from fullfunnel.crm.deals.forms import ONE_MORE, NewDeal, customer_named, customers
from fullfunnel.crm.deals.forms import people_options as fitting
from fullfunnel.crm.models import Deal, PipelineStage, StageKind
from fullfunnel.crm.models.deals import LISTED
from fullfunnel.crm.pipelines import pipelines_of
from fullfunnel.people.models import Company, Person
from fullfunnel.workspaces.models import Workspace
from fullfunnel.workspaces.scope import EDITORS, EVERYONE, MemberRequest, allow
from fullfunnel.workspaces.sight import visible

MOST = 20


def stages_to_begin_in(workspace: Workspace) -> list[PipelineStage]:
    """Return the open stages of our own pipelines."""
    own = [pipeline for pipeline in pipelines_of(workspace) if pipeline.source_id is None]
    ordered = (sorted(pipeline.stages.all(), key=lambda stage: (stage.place, stage.pk)) for pipeline in own)
    return [stage for stages in ordered for stage in stages if stage.kind == StageKind.OPEN]


@allow(EDITORS)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: MemberRequest) -> HttpResponse:
    """Open a deal. Of a customer that has open deals it asks first whether it is one of them."""
    stages = stages_to_begin_in(request.workspace)
    form = NewDeal(request.POST or None, workspace=request.workspace, stages=stages, initial=begun(request))
    if request.method == "POST":
        opened = open_asked(request, form)
        if opened:
            tell(request, opened, f"{opened.name} is in {opened.stage.name}.")
            return redirect("crm:deal", request.workspace.slug, opened.public_id)
    return render_form(request, "crm/deals/new.html", form, {"has_stages": bool(stages)})


def begun(request: MemberRequest) -> dict[str, object]:
    """What stands in the form first: the customer and stage that the address names."""
    person, company = request.GET.get("person", ""), request.GET.get("company", "")
    value = f"p:{person}" if person else f"c:{company}" if company else ""
    customer = customer_named(request.workspace, value)
    shown = (str(customer), value) if customer else ""
    return {"customer": shown, "stage": request.GET.get("stage", "")}


def open_asked(request: MemberRequest, form: NewDeal) -> Deal | None:
    """Open what the form says; None, with the reason in the form, if it cannot be opened yet."""
    customer = customer_named(request.workspace, str(request.POST.get("customer", "")))
    known = open_deals_of(request.workspace, customer)
    if known:
        form.ask_which((deal.public_id, f"{deal.name}, in {deal.stage.name}") for deal in known)
    if not form.is_valid():
        return None
    customer = customer_named(request.workspace, form.cleaned_data["customer"])
    if customer is None:
        return form.accept(Refused("Nobody and nothing here is called so; choose one from the list.", "customer"))
    join = form.cleaned_data["join"]
    if known and not join:
        return form.accept(Refused("Open deals are here already: is it one of these, or one more?", "join"))
    return form.accept(
        actions.open_deal(
            customer,
            details=form.details(),
            stage=form.stages[form.cleaned_data["stage"]],
            join=next((deal for deal in known if deal.public_id == join), None),
            is_new=join == ONE_MORE,
            by=request.member,
        )
    )


def open_deals_of(workspace: Workspace, customer: Person | Company | None) -> list[Deal]:
    """Return the open deals of a company, or of a person's company, or without one those that the person is on."""
    company = customer if isinstance(customer, Company) else customer.company if customer else None
    rows = visible(Deal.objects.filter(LISTED, workspace=workspace, state=StageKind.OPEN, is_kept_elsewhere=False))
    if company is not None:
        rows = rows.filter(company=company)
    elif isinstance(customer, Person):
        rows = rows.filter(people__person=customer)
    else:
        return []
    return list(rows.select_related("stage").order_by("pk")[:MOST])


@allow(EVERYONE)
@require_safe
def people_options(request: MemberRequest) -> HttpResponse:
    """The people whom `?q=` fits, for a picker."""
    return answer_options(request, fitting(request.workspace, request.GET.get("q", "").strip()[:200]))


@allow(EVERYONE)
@require_safe
def customer_options(request: MemberRequest) -> HttpResponse:
    """The people and companies whom `?q=` fits, for a picker."""
    return answer_options(request, customers(request.workspace, request.GET.get("q", "").strip()[:200]))
