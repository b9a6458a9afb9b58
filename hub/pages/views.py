"""The pages around the discussions."""

import datetime
import re

from django.conf import settings
from django.db import transaction
from django.db.models import Prefetch, Sum
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language

from accounts import limits, once, parking
from consultations import permissions
from consultations.models import Consultation, Question
from consultations.templatetags.discussion import Translated, translated
from hub.pages import contact as letterbox
from hub.pages.forms import ContactForm
from hub.pages.latest import latest_contributions
from hub.pages.models import TEXTS, ContactMessage, Page, PageTexts
from hub.pages.sections import sections
from hub.resources import reading
from hub.resources.choices import Names
from hub.resources.models import Call

# How much of each stands on the home page; the page of all consultations has the rest.
OPEN = 5
QUESTIONS = 3
LATEST = 4
OUTCOMES = 2
CALLS = 3
# In the address of the thanks, when no receipt was mailed.
UNCONFIRMED = "unconfirmed"
CLOSING_SOON = datetime.timedelta(days=7)


def home(request):
    """What is open, until when, what was just said, and what the hub holds."""
    now = timezone.now()
    published = (
        Consultation.objects.published()
        .select_related("space")
        .annotate(comment_count=Sum("questions__comment_count", default=0))
    )
    open_now = list(
        published.open(now)
        .order_by("closes_at", "pk")
        .prefetch_related(Prefetch("questions", Question.objects.order_by("-number")))
    )
    questions = []
    for consultation in open_now:
        consultation.is_closing_soon = consultation.closes_at - now < CLOSING_SOON
        numbered = [each for each in consultation.questions.all() if not each.is_open_floor]
        consultation.latest_questions, consultation.question_count = numbered[:QUESTIONS], len(numbered)
        questions += consultation.questions.all()
    steps = latest_contributions(questions, get_language(), LATEST)
    context = {
        "open": open_now[:OPEN],
        "open_count": len(open_now),
        "latest": [(step, permissions.is_open_for_comments(step.comment.question)) for step in steps],
        "upcoming": list(published.upcoming(now).order_by("opens_at", "pk")[:OPEN]),
        "closed": list(published.closed(now).order_by("-closes_at", "-pk")[:OUTCOMES]),
    }
    return render(request, "pages/home.html", context | hub_at_home())


def hub_at_home() -> dict:
    """The resources and calls of the home page."""
    featured, newest = reading.featured_and_newest()
    return {
        "featured": featured,
        "newest": newest,
        "names": Names.read(),
        "resource_count": reading.listed_count(),
        "calls": list(Call.objects.open()[:CALLS]),
    }


def page(request, slug):
    """One of the portal's own pages, or with `?version=` an earlier state of it."""
    found = get_object_or_404(Page, slug=slug)
    versions = list(found.versions.only("pk", "created_at", "page_id"))
    texts = found
    if wanted := request.GET.get("version"):
        if not re.fullmatch("[0-9]{1,18}", wanted):
            raise Http404
        texts = get_object_or_404(found.versions, pk=wanted)
    shown = as_shown(texts)
    context = {
        "page": found,
        "texts": texts,
        "shown": shown,
        "sections": sections(shown["body"].text),
        "versions": versions[1:] if texts is found else versions,
        "is_earlier": texts is not found,
    }
    return render(request, "pages/page.html", context)


def as_shown(texts: PageTexts) -> dict[str, Translated]:
    """The texts all in one language: the reader's, or else another that has them all."""
    whole = texts.in_one_language(get_language(), *settings.MODELTRANSLATION_FALLBACK_LANGUAGES)
    return {name: Translated(whole[name], whole["language"]) if whole else translated(texts, name) for name in TEXTS}


def contact(request):
    """The form to write to the secretariat; after sending, the same address says thank you."""
    if request.method == "POST":
        return send_message(request)
    if "sent" in request.GET:
        return render(request, "pages/contact_sent.html", {"has_receipt": request.GET["sent"] != UNCONFIRMED})
    initial = {"topic": request.GET.get("topic", ""), "resource": request.GET.get("resource", "")}
    is_known = request.user.is_authenticated
    if is_known:
        initial |= {"name": request.user.name, "email": request.user.email}
    form = parking.begun(request, ContactForm(initial=initial, timed=not is_known), "contact")
    return show_contact(request, form)


def show_contact(request, form, *, has_ended=False, status=200):
    about = form.fields["resource"].clean(form["resource"].value())
    return render(request, "pages/contact.html", {"form": form, "about": about, "has_ended": has_ended}, status=status)


def send_message(request):
    """Whoever is no longer logged in chooses first whether to send it all the same."""
    is_known, has_ended = request.user.is_authenticated, parking.has_ended(request)
    if has_ended and "log_in" in request.POST:
        return parking.park(request)
    if has_ended and "as_visitor" not in request.POST:
        form = ContactForm(request.POST, timed=False)
        return show_contact(request, form, has_ended=True, status=409)
    form = ContactForm(request.POST, timed=not is_known)
    if not form.is_valid():
        return show_contact(request, form, has_ended=has_ended, status=422)
    fields = {name: form.cleaned_data[name] for name in ("topic", "name", "email", "message", "resource")}
    is_own = is_known and fields["email"].lower() == request.user.email.lower()
    sent = "1"
    try:
        with transaction.atomic():
            if once.is_first("contact", form.digest):
                limits.take(request, "contact")
                confirms = is_own or limits.has_room(request, "receipt", name=fields["email"])
                sent = "1" if confirms else UNCONFIRMED
                message = ContactMessage(language=get_language(), **fields)
                letterbox.receive(message, from_account=is_own, confirms=confirms)
    except limits.TooOften as problem:
        form.add_error(None, problem)
        return limits.say_when(show_contact(request, form, has_ended=has_ended), problem)
    parking.forget(request, "contact", "")
    return redirect(reverse("contact") + f"?sent={sent}")


def icon(request):
    """Browsers ask for it at this address where a page names none, as those of the administration."""
    return redirect(static("icon.svg"))


def robots(request):
    """Search engines may read what visitors may, apart from forms and personal pages."""
    private = ["/admin/", *(f"/{code}/{part}/" for code, _name in settings.LANGUAGES for part in ("accounts", "me"))]
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in private)]
    lines += ["", f"Sitemap: {settings.PORTAL_URL}{reverse('sitemap')}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
