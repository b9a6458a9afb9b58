"""The directory of experts, one's own entry in it, and requests for support."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import limits, once, parking
from accounts.typed import is_blank
from hub.experts import letters, listing
from hub.experts.forms import SHOWN, ContactExpertForm, ExpertForm, FilterForm, ReplyForm, SupportForm
from hub.experts.models import Expert, SupportRequest
from hub.resources.permissions import edits

PER_PAGE = 20
# Of one's own requests; nobody has that many.
REQUESTS = 50
# In the address of the thanks, when no receipt was mailed.
UNCONFIRMED = "unconfirmed"


def experts(request):
    """Everybody in the directory, by name; narrowed only by what they let others see."""
    form = FilterForm(request.GET)
    chosen = form.chosen
    found = Expert.objects.listed().with_all()
    if number := chosen.get("objective"):
        found = found.filter(shows_objectives=True, objectives__number=number)
    if slug := chosen.get("region"):
        found = found.filter(shows_regions=True, regions__slug=slug)
    if code := chosen.get("language"):
        found = found.filter(shows_languages=True, languages__contains=[code])
    if kind := chosen.get("support"):
        found = found.filter(shows_support=True, support__contains=[kind])
    page = Paginator(found.order_by("name", "pk"), PER_PAGE).get_page(request.GET.get("page"))
    narrowed = urlencode(chosen)
    context = {
        "form": form,
        "chosen": chosen,
        "page": page,
        "query": f"{narrowed}&" if narrowed else "",
        "is_editor": request.user.is_authenticated and edits(request.user),
    }
    return render(request, "experts/experts.html", context)


def expert(request, pk):
    """One entry as everybody sees it. Its owner and the editors see it so before it is listed."""
    found = get_object_or_404(Expert.objects.with_all(), pk=pk)
    may_see = found.is_listed and found.user.is_active
    if not may_see and not (
        request.user.is_authenticated and (found.user_id == request.user.pk or edits(request.user))
    ):
        raise Http404
    return render(request, "experts/expert.html", {"expert": found, "is_mine": found.user_id == request.user.pk})


def contact_expert(request, pk):
    """The form that carries a question to an expert without showing their address."""
    found = Expert.objects.listed().select_related("user").filter(pk=pk).first()
    if not found:
        return expert_is_gone(request, pk)
    if request.method == "POST":
        return send_question(request, found)
    if "sent" in request.GET:
        context = {"expert": found, "has_receipt": request.GET["sent"] != UNCONFIRMED}
        return render(request, "experts/contact_sent.html", context)
    is_known = request.user.is_authenticated
    initial = {}
    if is_known:
        initial = {name: getattr(request.user, name) for name in ("name", "organization", "email")}
    form = parking.begun(request, ContactExpertForm(initial=initial, timed=not is_known), "contact_expert", pk)
    return render(request, "experts/contact.html", {"expert": found, "form": form})


def expert_is_gone(request, pk):
    """Whoever was writing to somebody who is not in the directory now gets their question back."""
    if request.method == "POST":
        typed = request.POST
    else:
        parked = parking.shown(request, "contact_expert", pk)
        typed = parked.typed if parked else {}
    question = typed.get("message", "")
    if is_blank(question):
        raise Http404
    return render(request, "experts/contact_gone.html", {"question": question}, status=404)


def send_question(request, found):
    """Whoever is no longer logged in chooses first whether to send it all the same."""
    is_known, has_ended = request.user.is_authenticated, parking.has_ended(request)
    if has_ended and "log_in" in request.POST:
        return parking.park(request)
    if has_ended and "as_visitor" not in request.POST:
        form = ContactExpertForm(request.POST, timed=False)
        context = {"expert": found, "form": form, "has_ended": True}
        return render(request, "experts/contact.html", context, status=409)
    form = ContactExpertForm(request.POST, timed=not is_known)
    context = {"expert": found, "form": form, "has_ended": has_ended}
    if not form.is_valid():
        return render(request, "experts/contact.html", context, status=422)
    typed = {name: form.cleaned_data[name] for name in ("name", "email", "message")}
    is_own = is_known and typed["email"].lower() == request.user.email.lower()
    sent = "1"
    try:
        with transaction.atomic():
            if once.is_first("ask_expert", f"{found.pk} {form.digest}"):
                limits.take(request, "ask_expert")
                letters.relay(found, organization=form.cleaned_data["organization"], **typed)
                if is_own or limits.has_room(request, "receipt", name=typed["email"]):
                    letters.confirm(found, language=get_language(), quotes=is_own, **typed)
                else:
                    sent = UNCONFIRMED
    except limits.TooOften as problem:
        form.add_error(None, problem)
        return limits.say_when(render(request, "experts/contact.html", context), problem)
    parking.forget(request, "contact_expert", found.pk)
    return redirect(reverse("contact_expert", args=[found.pk]) + f"?sent={sent}")


@parking.keeps_text()
def my_expert(request):
    """One's own entry: to write, to change, and to see how it stands."""
    own = Expert.objects.with_all().filter(user=request.user).first()
    if request.method == "POST":
        form = ExpertForm(request.POST)
        if not form.is_valid():
            return render(request, "experts/mine.html", {"expert": own, "form": form}, status=422)
        kept = listing.propose(form.entry(request.user), form.cleaned_data["objectives"], form.cleaned_data["regions"])
        if kept.is_listed:
            messages.success(request, _("Your entry is changed, and everybody sees it so from now on."))
        else:
            messages.success(request, _("Your entry is saved. The editors read it, and you hear from them by e-mail."))
        if not any(getattr(kept, f"shows_{name}") for name in SHOWN):
            messages.warning(
                request,
                _(
                    "Nothing is ticked to be shown: your entry can be found by your name alone. Tick what others may "
                    "see, such as what you can be asked about and the objectives."
                ),
            )
        return redirect("my_expert")
    begun = own or Expert(
        user=request.user,
        name=request.user.name,
        organization=request.user.organization,
        country=request.user.country,
        text_language=request.user.language,
        languages=[request.user.language],
    )
    form = parking.begun(request, ExpertForm(initial=ExpertForm.initial_of(begun)), "my_expert")
    return render(request, "experts/mine.html", {"expert": own, "form": form})


@parking.keeps_text("my_expert", holds=parking.NOTHING)
@require_POST
def remove_me(request):
    listing.remove(request.user)
    messages.success(request, _("Your entry is removed. Nobody can see it or write to you through it any more."))
    return redirect("my_expert")


def request_support(request):
    """The form for governments and organizations, and how one's own requests stand."""
    if not request.user.is_authenticated:
        return parking.park(request) if request.method == "POST" else render(request, "experts/support.html")
    if request.method != "POST":
        return show_requests(request)
    form = SupportForm(request.POST)
    if not form.is_valid():
        return show_requests(request, form=form, status=422)
    fields = dict(form.cleaned_data)
    objectives = fields.pop("objectives")
    del fields["submission_key"]
    try:
        with transaction.atomic():
            if once.is_first("ask_support", f"{request.user.pk} {form.digest}"):
                limits.take(request, "ask_support")
                listing.receive(SupportRequest(requester=request.user, language=get_language(), **fields), objectives)
    except limits.TooOften as problem:
        form.add_error(None, problem)
        return limits.say_when(show_requests(request, form=form), problem)
    parking.forget(request, "request_support", "")
    messages.success(
        request, _("Your request is received. The editors look for somebody, and you see here how it stands.")
    )
    return redirect("request_support")


def show_requests(request, *, form=None, reply=None, left_over=None, status=200):
    """One's own requests, each with a form to write about it, and the form for a new one."""
    own = list(SupportRequest.objects.filter(requester=request.user).prefetch_related("messages")[:REQUESTS])
    if not form:
        initial = {"organization": request.user.organization, "country": request.user.country.code}
        form = parking.begun(request, SupportForm(initial=initial), "request_support")
    reply = reply or parking.given_back(request, "reply_about_request", ReplyForm())
    for each in own:
        each.form = reply[1] if reply and reply[0] == each.pk else ReplyForm()
        each.form.auto_id = f"request-{each.pk}-%s"
    context = {
        "form": form,
        "requests": own,
        "reply": reply[1] if reply else None,
        "left_over": [left_over, parking.left_over(reply, [each for each in own if not each.is_withdrawn])],
    }
    return render(request, "experts/support.html", context, status=status)


@parking.keeps_text("request_support")
def reply_about_request(request, pk):
    """Write to the editors about one's own request. Whoever comes otherwise is led to the page with the form."""
    get_object_or_404(SupportRequest, pk=pk, requester=request.user)
    if request.method != "POST":
        return redirect("request_support")
    form = ReplyForm(request.POST)
    if not form.is_valid():
        return show_requests(request, reply=(pk, form), status=422)
    try:
        with transaction.atomic():
            limits.take(request, "write_about_support")
            listing.write_back(pk, request.user, form.cleaned_data["words"])
    except limits.TooOften as problem:
        form.add_error(None, problem)
        return limits.say_when(show_requests(request, reply=(pk, form)), problem)
    except listing.AlreadyWithdrawn as problem:
        messages.error(request, str(problem))
        return show_requests(request, left_over=form, status=409)
    messages.success(request, _("The editors are told."))
    return redirect("request_support")


@parking.keeps_text("request_support", holds=parking.NOTHING)
def withdraw_request(request, pk):
    get_object_or_404(SupportRequest, pk=pk, requester=request.user)
    if request.method == "POST":
        listing.withdraw(pk, request.user)
        messages.success(request, _("Your request is withdrawn, and the editors are told."))
    return redirect("request_support")
