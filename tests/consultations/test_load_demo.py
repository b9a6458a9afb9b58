import datetime
from collections import Counter

import pytest
from allauth.account.models import EmailAddress
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import User
from consultations.consistency import differences
from consultations.demo import loading
from consultations.following.models import Kind, Notification
from consultations.models import Comment, CommentVersion, Consultation, Question
from consultations.moderation.models import Act, Announcement, Case, Report
from tests.database_rows import rows_of_all_tables

SPACES = """
[[space]]
slug = "small-space"
[space.title]
en = "Space"
fr = "Espace"
es = "Espacio"
"""

SMALL = """
[consultation]
slug = "small"
space = "small-space"
opens_days = -10
closes_days = {closes_days}
published = true
languages = ["en", "fr"]
objectives = [1, 23]
moderators = ["moderator"]
{texts}

[[question]]
number = 1
[question.text]
en = "Why?"
fr = "Pourquoi\u00a0?"
es = "¿Por qué?"

[[person]]
key = "nurse"
name = "Rosine Samba"
email = "rosine.samba@example.org"
country = "CM"
group = "other"
language = "fr"

[[comment]]
key = "answer"
question = 1
reply_to = "root"
by = "moderator"
hours = 30
language = "en"
capacity = "organization"
body = "Thank you."

[[comment]]
key = "root"
question = 1
by = "nurse"
hours = 3
language = "fr"
capacity = "person"
edited = true
first_body = "Le formulaire est long."
body = "Le formulaire est trop long."

[[comment]]
key = "paper"
question = 0
by = "participant"
hours = 8
language = "en"
capacity = "organization"
state = "withdrawn"
body = "Our position paper."
"""

# How the contribution “root” fared, and what the moderator has to say to all.
STORY = """
[[follow]]
by = "participant"
hours = 1

[[event]]
what = "report"
comment = "root"
by = "participant"
hours = 40
rule = 4
words = "It names a clinic."

[[event]]
what = "hide"
comment = "root"
by = "moderator"
hours = 50
rule = 4
words = "Le centre est nommé."

[[event]]
what = "appeal"
comment = "root"
hours = 60
words = "Il est fermé."

[[event]]
what = "restore"
comment = "root"
by = "admin"
hours = 70
words = "C’est vrai."

[[announcement]]
key = "recap"
kind = "recap"
by = "moderator"
hours = 80
title.en = "Recap"
title.fr = "Bilan"
title.es = "Resumen"
text.en = "One form."
text.fr = "Un formulaire."
text.es = "Un formulario."

[[received]]
key = "letter"
by = "moderator"
hours = 90
question = 1
origin = "letter"
days_before = 2
name = "Rosalinda Chub"
capacity = "person"
country = "GT"
group = "migrants"
email = "rosalinda.chub@example.org"
writes_to_them_in = "es"
language = "es"
body = "Que llamen dos veces."
"""

TEXTS = "\n".join(
    f'[consultation.{name}]\nen = "{name}"\nfr = "{name}"\nes = "{name}"'
    for name in ("title", "summary", "aim", "how_to_contribute", "audience")
)


@pytest.fixture
def folder(tmp_path):
    return write(tmp_path)


def write(folder, old="", new="", closes_days=10):
    """The small demo content, with `old` in its file replaced by `new`."""
    small = SMALL.format(texts=TEXTS, closes_days=closes_days)
    assert old in small
    (folder / "spaces.toml").write_text(SPACES)
    (folder / "small.toml").write_text(small.replace(old, new) if old else small)
    return folder


@pytest.fixture
def story(folder):
    """The small demo content with its story."""
    return tell(folder)


def tell(folder, old="", new=""):
    assert old in STORY
    file = folder / "small.toml"
    file.write_text(file.read_text() + (STORY.replace(old, new, 1) if old else STORY))
    return folder


def test_it_works(folder):
    made = loading.load(folder)
    assert made == Counter(people=4, spaces=1, consultations=1, questions=1, comments=3)
    consultation = Consultation.objects.get(slug="small")
    assert consultation.is_open
    assert consultation.title_fr == "title"
    assert [objective.number for objective in consultation.objectives.all()] == [1, 23]
    question = consultation.questions.get(number=1)
    root, answer = question.comments.order_by("pk")
    assert answer.parent == root
    assert answer.path == [root.pk, answer.pk]
    assert root.author_name == "Rosine Samba"
    assert root.reply_count == 1
    assert root.is_answered_by_moderator
    assert answer.by_moderator
    assert question.latest_comment_at == answer.created_at


def test_ids_follow_time_over_all_questions(folder):
    loading.load(folder)
    times = list(Comment.objects.order_by("pk").values_list("created_at", flat=True))
    assert times == sorted(times)


def test_loading_on_another_day_changes_nothing(folder):
    loading.load(folder)
    before = rows_of_all_tables()
    assert not loading.load(folder, today=timezone.now().date() + datetime.timedelta(days=3))
    assert rows_of_all_tables() == before


def test_what_is_missing_is_added(folder):
    loading.load(folder)
    answer = Comment.objects.get(body="Thank you.")
    answer.delete()
    assert loading.load(folder) == Counter(comments=1)
    assert Comment.objects.get(body="Thank you.").parent.body == "Le formulaire est trop long."


def test_an_edited_comment_has_both_versions(folder):
    loading.load(folder)
    root = Comment.objects.get(body="Le formulaire est trop long.")
    first, second = root.versions.all()
    assert first.body == "Le formulaire est long."
    assert (first.created_at, second.created_at) == (root.created_at, root.edited_at)


def test_a_withdrawn_comment_is_counted_nowhere(folder):
    loading.load(folder)
    withdrawn = Comment.objects.get(state=Comment.State.WITHDRAWN)
    assert withdrawn.state_changed_at > withdrawn.created_at
    assert withdrawn.question.is_open_floor
    assert Question.objects.get(pk=withdrawn.question_id).comment_count == 0
    assert CommentVersion.objects.filter(comment=withdrawn).count() == 1


def test_comments_of_a_closed_consultation_were_made_while_it_was_open(tmp_path):
    loading.load(write(tmp_path, closes_days=-2))
    consultation = Consultation.objects.get(slug="small")
    assert consultation.phase == Consultation.Phase.CLOSED
    assert Comment.objects.filter(created_at__lt=consultation.closes_at).count() == 3


def test_what_people_did_was_done_at_its_time(story):
    assert loading.load(story)["events"] == 4
    root = Comment.objects.get(body="Le formulaire est trop long.")
    after = {act.kind: act.at - root.question.consultation.opens_at for act in Act.objects.filter(comment=root)}
    assert after == {Act.Kind.HIDDEN: datetime.timedelta(hours=50), Act.Kind.RESTORED: datetime.timedelta(hours=70)}
    assert list(Act.objects.order_by("pk")) == list(Act.objects.order_by("at"))
    assert root.state == Comment.State.PUBLISHED
    assert differences(root.question) == []
    appeal = root.cases.get(kind=Case.Kind.APPEAL)
    assert (appeal.outcome, appeal.decided_before_by) == ("restored", User.objects.get(name="Teresa Manalo").pk)
    assert appeal.closed_at - appeal.opened_at == datetime.timedelta(hours=10)
    assert Report.objects.get().settled_at == Act.objects.get(kind=Act.Kind.HIDDEN).at


def test_people_were_told_in_their_time_and_have_read_what_is_old(story):
    loading.load(story)
    participant = User.objects.get(email="participant@example.org")
    told = Notification.objects.filter(user=participant).order_by("pk")
    assert [each.kind for each in told] == [
        Kind.NEWS,
        Kind.NEWS,
        # That it was removed, and that it is shown again.
        Kind.REPORT,
        Kind.REPORT,
        Kind.ANNOUNCEMENT,
        Kind.NEWS,
    ]
    assert all(each.read_at for each in told)
    assert [each.at for each in told] == sorted(each.at for each in told)


def test_an_announcement_is_in_three_languages(story):
    loading.load(story)
    recap = Announcement.objects.get()
    assert (recap.title_en, recap.title_fr, recap.title_es) == ("Recap", "Bilan", "Resumen")
    assert recap.author_name == "Teresa Manalo"


def test_what_came_by_letter_can_be_claimed(story):
    loading.load(story)
    letter = Comment.objects.get(origin=Comment.Origin.LETTER)
    assert letter.author is None
    assert letter.received.code_hash
    assert letter.created_at - letter.question.consultation.opens_at == datetime.timedelta(hours=90)


def test_the_story_is_told_once(story):
    loading.load(story)
    before = rows_of_all_tables()
    assert not loading.load(story)
    assert rows_of_all_tables() == before


@pytest.mark.django_db(transaction=True)
def test_nobody_has_mail_of_it_now_or_later(story, mailoutbox, monkeypatch):
    """Nor when the transaction has ended, which is when most mails leave."""
    monkeypatch.setattr("hub.management.commands.load_demo.ROOMS", [lambda: loading.load(story)])
    call_command("load_demo", verbosity=0)
    assert Notification.objects.exists()
    assert mailoutbox == []
    assert not Notification.objects.exclude(mail=Notification.Mail.NONE).exists()


def test_the_clock_goes_on_afterwards(story):
    loading.load(story)
    assert abs(timezone.now() - datetime.datetime.now(datetime.UTC)) < datetime.timedelta(seconds=5)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('what = "hide"', 'what = "burn"', "event 2: “what” is 'burn'"),
        ('comment = "root"', 'comment = "paper-2"', "event 1: “comment” is 'paper-2'"),
        ("rule = 4", "rule = 44", "event 1: “rule” is 44"),
        ("hours = 50", "hours = 5000", "event 2: “hours” is 5000: that is still to come"),
        ("hours = 50", "hours = 2", "event 2: “comment” is root, which is not written yet"),
        (
            'by = "admin"',
            'by = "moderator"',
            "event 4: this could not be done: You have decided about this contribution",
        ),
        ('by = "admin"', 'by = "participant"', "event 4: this could not be done: it is not permitted"),
        ('title.fr = "Bilan"\n', "", "announcement recap, title: “fr” is missing"),
        ('origin = "letter"', 'origin = "portal"', "received letter: “origin” is 'portal'"),
    ],
)
def test_a_wrong_story_is_named_and_nothing_is_loaded(folder, old, new, said):
    with pytest.raises(loading.DemoProblem) as problem:
        loading.load(tell(folder, old, new))
    assert said in str(problem.value)
    assert not User.objects.exists()


def test_the_demo_accounts_can_log_in_at_once(client, folder):
    loading.load(folder)
    for fields in loading.ACCOUNTS.values():
        assert client.login(email=fields["email"], password=loading.PASSWORD)
        assert EmailAddress.objects.get(email=fields["email"]).verified
    assert User.objects.get(email="admin@example.org").is_superuser
    assert not User.objects.get(email="rosine.samba@example.org").has_usable_password()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('by = "nurse"', 'by = "nobody"', "comment root: “by” is 'nobody'"),
        ('reply_to = "root"', 'reply_to = "paper"', "comment answer: “reply_to” is paper, which belongs to another"),
        ('reply_to = "root"', 'reply_to = "gone"', "comment answer: “reply_to” is gone, which is no earlier comment"),
        ("hours = 30", "hours = 3000", "comment answer: “hours” is 3000"),
        ("hours = 30", 'hours = "30"', "comment answer: “hours” is '30', which is of the wrong kind"),
        ('country = "CM"', 'country = "XX"', "person nurse: “country” is 'XX'"),
        ("rosine.samba@example.org", "rosine.samba@example.com", "person nurse: “email” is rosine.samba@example.com"),
        ('key = "paper"', 'key = "root"', "comment root: this key is given to two comments"),
        ('fr = "Pourquoi\u00a0?"\n', "", "question 1, text: “fr” is missing"),
        ("edited = true", "edited = false", "comment root: “edited” and “first_body” go together"),
        ("published = true", "published = true\ncolour = 3", "consultation small: “colour” is unknown"),
        ("[[comment]]", "[[comment]", "small.toml cannot be read"),
    ],
)
def test_a_wrong_file_is_named_and_nothing_is_loaded(tmp_path, old, new, said):
    with pytest.raises(loading.DemoProblem) as problem:
        loading.load(write(tmp_path, old, new))
    assert str(problem.value).startswith("small.toml")
    assert said in str(problem.value)
    assert not User.objects.exists()


def test_it_is_refused_in_production(settings):
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="production mode"):
        call_command("load_demo")
    assert not User.objects.exists()
