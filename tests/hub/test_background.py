"""Work in the background and the queue of mails, and what can happen to both."""

import os
import smtplib
import socketserver
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from email import message_from_bytes
from email.mime.image import MIMEImage
from io import StringIO
from pathlib import Path
from urllib.parse import quote

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.conf import settings as portal_settings
from django.contrib.sessions.models import Session
from django.core import mail as django_mail
from django.core.cache import cache
from django.core.mail import BadHeaderError, EmailMultiAlternatives
from django.core.mail.backends.locmem import EmailBackend as MemoryBackend
from django.core.management import CommandError, call_command
from django.db import connection, connections, transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy
from django_tasks import TaskContext, task
from django_tasks.base import Task as TaskFunction

from hub.background.mail import Delivery
from hub.background.models import OutgoingMail, ScheduledRun, Task
from hub.background.personal_data import Mails
from hub.background.schedule import enqueue_due
from hub.background.tasks import prune
from hub.background.worker import Worker, WorkerKilled, living_workers, take_over_abandoned, work_until_idle
from tests import make

ROOT = Path(__file__).resolve().parent.parent.parent
SCHEDULE = portal_settings.SCHEDULE
RETRY_DELAYS = (60, 300, 1_800, 7_200, 28_800)


@pytest.fixture(autouse=True)
def real_queue(settings):
    """Tasks and mails wait for a worker, as they do outside of tests."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    settings.SCHEDULE = {}
    settings.RETRY_DELAYS = RETRY_DELAYS
    settings.EMAIL_BACKEND = "hub.background.mail.QueuedBackend"
    settings.DELIVERY_BACKEND = f"{__name__}.Server"
    Server.answers = []


class Server(MemoryBackend):
    """A mail server that fails with each of `answers` in turn, None being “taken”, then takes everything."""

    answers: list[Exception | None] = []

    def send_messages(self, messages):
        if self.answers and (error := self.answers.pop(0)):
            raise error
        return super().send_messages(messages)


AWAY = ConnectionRefusedError(111, "Connection refused")
BUSY = smtplib.SMTPDataError(451, b"Try again later")
UNKNOWN = smtplib.SMTPRecipientsRefused({"ana@example.org": (550, b"No such user")})


# Called by the worker; importable also by one in another process.


@task
def count(name: str) -> None:
    cache.set(name, (cache.get(name) or 0) + 1, timeout=None)


@task
def fail(name: str) -> None:
    count.call(name)
    if cache.get(name) != cache.get("succeeds_at"):
        raise ValueError("The moon is in the way")


@task(takes_context=True)
def tell_attempt(context: TaskContext) -> None:
    cache.set("attempt", context.attempt)


@task
def note_language() -> None:
    cache.set("language", translation.get_language())


@task
def hang_the_first_time(name: str) -> None:
    count.call(name)
    if cache.get(name) == 1:
        time.sleep(60)


@task
def beat() -> None:
    count.call("beat")


def send(subject: str = "Hello", to: str = "ana@example.org", **fields) -> OutgoingMail:
    EmailMultiAlternatives(subject, "A text", to=[to], **fields).send()
    return OutgoingMail.objects.order_by("pk").last()


def wait_for(condition: Callable[[], object], seconds: float = 90) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


def test_it_works():
    count.enqueue("done")
    send()
    assert cache.get("done") is None and django_mail.outbox == []
    work_until_idle()
    assert cache.get("done") == 1
    assert Task.objects.get().status == "SUCCESSFUL"
    [sent] = django_mail.outbox
    assert (sent.subject, sent.body, sent.to) == ("Hello", "A text", ["ana@example.org"])
    assert OutgoingMail.objects.get().state == OutgoingMail.State.SENT


def test_what_is_rolled_back_is_not_done():
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        count.enqueue("done")
        send()
        raise ZeroDivisionError
    work_until_idle()
    assert cache.get("done") is None and django_mail.outbox == []


# Tasks


def test_a_task_that_raises_is_tried_again_with_growing_delays_then_given_up():
    with time_machine.travel(timezone.now(), tick=False) as clock:
        fail.enqueue("tries")
        for attempt, delay in enumerate(RETRY_DELAYS, start=1):
            work_until_idle()
            waiting = Task.objects.get()
            assert waiting.status == "READY" and waiting.attempts == attempt == cache.get("tries")
            assert waiting.run_after == timezone.now() + timedelta(seconds=delay)
            assert waiting.error == "ValueError: The moon is in the way"
            clock.shift(delay)
        work_until_idle()
        dead = Task.objects.get()
        assert dead.status == "FAILED" and dead.attempts == 6 and "in fail" in dead.traceback
        clock.shift(1_000_000)
        work_until_idle()
        assert cache.get("tries") == 6


def test_the_dead_are_run_again_and_may_fail_as_often_as_before(settings):
    settings.RETRY_DELAYS = ()
    fail.enqueue("tries")
    work_until_idle()
    assert Task.objects.failed().run_again() == 1
    settings.RETRY_DELAYS = (60,)
    work_until_idle()
    assert Task.objects.get().status == "READY"
    cache.set("succeeds_at", 3)
    assert Task.objects.all().run_again() == 1
    work_until_idle()
    done = Task.objects.get()
    assert done.status == "SUCCESSFUL" and done.traceback == ""
    assert Task.objects.all().run_again() == 0


def test_a_task_that_no_release_knows_any_more_waits_for_one_that_does():
    count.enqueue("other")
    Task.objects.update(task_path="hub.background.tasks.forgotten")
    count.enqueue("done")
    work_until_idle()
    assert cache.get("done") == 1
    assert "forgotten" in Task.objects.waiting().get().error


def test_a_task_can_ask_which_attempt_it_is():
    tell_attempt.enqueue()
    work_until_idle()
    assert cache.get("attempt") == 1


def test_a_task_speaks_the_default_language_whoever_ran_before():
    note_language.enqueue()
    with translation.override("fr"):
        work_until_idle()
        assert translation.get_language() == "fr"
    assert cache.get("language") == "en"


def test_a_worker_asked_to_stop_puts_its_task_back():
    hang_the_first_time.enqueue("begun")
    worker = Worker()
    worker.hold_lock()
    claimed = worker.claim()

    def interrupted(*arguments):
        worker.is_busy = True
        worker.interrupt(0, None)

    with pytest.MonkeyPatch.context() as patch, pytest.raises(SystemExit):
        patch.setattr("hub.background.worker.call", interrupted)
        worker.run_task(claimed)
    worker.release_lock()
    back = Task.objects.get()
    assert back.status == "READY" and back.attempts == 0 and back.traceback == ""


def test_a_task_that_kills_its_workers_is_given_up(settings):
    settings.RETRY_DELAYS = (60,)
    count.enqueue("done")
    for status in ("READY", "FAILED"):
        # The number of a worker that holds no lock.
        Task.objects.get().claim("7")
        assert take_over_abandoned() == 1
        assert Task.objects.get().status == status
    assert Task.objects.get().exception_class_path == f"{WorkerKilled.__module__}.WorkerKilled"


def test_a_worker_that_is_believed_dead_changes_nothing_any_more():
    count.enqueue("done")
    slow = Task.objects.get()
    slow.claim("7")
    take_over_abandoned()
    slow.succeed()
    assert Task.objects.get().status == "READY"


# The schedule


def test_all_that_is_scheduled_exists():
    assert SCHEDULE
    assert all(isinstance(import_string(path), TaskFunction) and seconds > 0 for path, seconds in SCHEDULE.items())


def test_scheduled_tasks_run_at_their_interval_and_once_after_a_long_downtime(settings):
    settings.SCHEDULE = {beat.module_path: 3600}
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for shift, beats in ((0, 1), (3599, 1), (1, 2), (100 * 3600, 3)):
            clock.shift(shift)
            work_until_idle()
            assert cache.get("beat") == beats


def test_a_scheduled_task_is_not_enqueued_again_before_it_has_ended(settings):
    settings.SCHEDULE = {beat.module_path: 60}
    assert enqueue_due() == [beat.module_path]
    with time_machine.travel(timezone.now() + timedelta(hours=1)):
        assert enqueue_due() == []
        work_until_idle()
        assert cache.get("beat") == 2


@pytest.mark.django_db(transaction=True)
def test_several_workers_enqueue_a_scheduled_task_once(settings):
    settings.SCHEDULE = {beat.module_path: 3600}
    together = threading.Barrier(4)

    def look():
        connection.ensure_connection()
        together.wait()
        enqueue_due()
        connection.close()

    looking = [threading.Thread(target=look) for _ in range(4)]
    for thread in looking:
        thread.start()
    for thread in looking:
        thread.join()
    assert Task.objects.filter(task_path=beat.module_path).count() == 1
    assert ScheduledRun.objects.get().last_run_at


# Mails


def test_a_mail_arrives_as_it_was_written():
    written = EmailMultiAlternatives(
        gettext_lazy("Save"),
        "Voilà la réponse",
        "The Hub <hub@example.org>",
        ["Ana Gómez <Ana@example.org>", "ben@example.org"],
        bcc=["cleo@example.org"],
        cc=["dora@example.org"],
        reply_to=["answers@example.org"],
        headers={"List-Unsubscribe": "<https://example.org/u>", "X-Number": 41},
        attachments=[("dates.ics", "BEGIN:VCALENDAR", "text/calendar"), ("map.png", b"\x89PNG\x00\xff", "image/png")],
    )
    written.attach_alternative("<p>Voilà</p>", "text/html")
    written.send()
    mail = OutgoingMail.objects.get()
    assert mail.recipients == ["ana@example.org", "ben@example.org", "dora@example.org", "cleo@example.org"]
    work_until_idle()

    [sent] = django_mail.outbox
    assert sent.from_email == "The Hub <hub@example.org>" and sent.bcc == ["cleo@example.org"]
    assert sent.recipients() == written.recipients()
    expected, arrived = (message_from_bytes(each.message().as_bytes()) for each in (written, sent))
    for name in ("Subject", "From", "To", "Cc", "Reply-To", "List-Unsubscribe", "X-Number"):
        assert arrived[name] == expected[name] is not None
    assert arrived["Message-ID"] == mail.message_id
    parts = [
        [(part.get_content_type(), part.get_filename(), part.get_payload(decode=True)) for part in each.walk()]
        for each in (expected, arrived)
    ]
    assert parts[0] == parts[1]
    assert ("image/png", "map.png", b"\x89PNG\x00\xff") in parts[1]


def test_nothing_of_a_mail_is_kept_once_it_is_sent():
    mail = send("ABCD-EFGH is your code")
    assert "ABCD-EFGH" not in str(mail)
    work_until_idle()
    mail.refresh_from_db()
    assert mail.content is None and mail.finished_at


def test_what_is_wrong_with_a_mail_is_told_to_its_writer():
    with pytest.raises(BadHeaderError):
        send("Two\nlines")
    with pytest.raises(TypeError, match="Attach a file by its name"):
        send(attachments=[MIMEImage(b"\x89PNG", "png")])
    EmailMultiAlternatives("To nobody", "A text").send()
    assert OutgoingMail.objects.count() == 0


def test_one_message_id_is_sent_once():
    for _ in range(2):
        send(headers={"Message-ID": "<digest-1@example.org>"})
        work_until_idle()
    assert len(django_mail.outbox) == 1
    assert django_mail.outbox[0].message()["Message-ID"] == "<digest-1@example.org>"


def test_a_mail_that_somebody_waits_for_goes_first():
    send("Digest", headers={"List-Unsubscribe": "<https://example.org/u>"})
    send("Code")
    work_until_idle()
    assert [mail.subject for mail in django_mail.outbox] == ["Code", "Digest"]


def test_a_mail_server_that_is_away_delays_mails_and_loses_none():
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for number in range(5):
            send(str(number))
        for hour in range(24):
            Server.answers = [AWAY]
            work_until_idle()
            # One attempt tells enough, however many mails wait.
            assert sum(OutgoingMail.objects.values_list("attempts", flat=True)) == hour + 1
            clock.shift(3600)
        assert django_mail.outbox == [] and OutgoingMail.objects.waiting().count() == 5
        assert "Connection refused" in OutgoingMail.objects.exclude(error="").first().error
        work_until_idle()
    assert sorted(mail.subject for mail in django_mail.outbox) == list("01234")
    assert OutgoingMail.objects.exclude(state=OutgoingMail.State.SENT).count() == 0
    assert OutgoingMail.objects.exclude(error="").count() == 0


def test_a_mail_that_is_refused_for_now_is_tried_again_under_the_same_message_id():
    with time_machine.travel(timezone.now(), tick=False) as clock:
        refused = send("Refused")
        send("Taken")
        Server.answers = [BUSY, None]
        work_until_idle()
        # It holds up no other.
        assert [mail.subject for mail in django_mail.outbox] == ["Taken"]
        clock.shift(59)
        work_until_idle()
        assert len(django_mail.outbox) == 1
        clock.shift(1)
        work_until_idle()
    assert django_mail.outbox[1].message()["Message-ID"] == refused.message_id


def test_a_refusal_for_good_is_final_and_one_can_still_try_again():
    mail = send()
    Server.answers = [UNKNOWN]
    work_until_idle()
    mail.refresh_from_db()
    assert mail.state == OutgoingMail.State.DEAD and "No such user" in mail.error and mail.content
    assert OutgoingMail.objects.dead().run_again() == 1
    work_until_idle()
    assert len(django_mail.outbox) == 1
    assert OutgoingMail.objects.all().run_again() == 0


def test_a_mail_is_given_up_after_days(settings):
    mail = send()
    with time_machine.travel(timezone.now(), tick=False) as clock:
        while not OutgoingMail.objects.dead().exists():
            Server.answers = [BUSY]
            work_until_idle()
            clock.move_to(OutgoingMail.objects.get().due_at)
        mail.refresh_from_db()
        assert settings.MAIL_GIVE_UP_AFTER <= mail.finished_at - mail.queued_at < timedelta(days=5, hours=9)
        assert 15 < mail.attempts < 30


def test_a_backend_that_cannot_be_loaded_delays_mails(settings):
    settings.DELIVERY_BACKEND = "nowhere.Backend"
    send()
    work_until_idle()
    assert OutgoingMail.objects.waiting().get().attempts == 1
    settings.DELIVERY_BACKEND = f"{__name__}.Server"
    OutgoingMail.objects.all().run_again()
    work_until_idle()
    assert len(django_mail.outbox) == 1


def test_records_are_forgotten_in_time():
    send()
    count.enqueue("done")
    work_until_idle()
    send()
    Server.answers = [UNKNOWN]
    work_until_idle()
    for days, mails, tasks in ((6, 2, 1), (8, 2, 0), (31, 1, 0), (91, 0, 0)):
        with time_machine.travel(timezone.now() + timedelta(days=days)):
            prune.call()
        assert (OutgoingMail.objects.count(), Task.objects.count()) == (mails, tasks)


def test_sessions_and_what_waited_in_them_are_forgotten_in_time(client, participant):
    client.post(reverse("account_login"), {"login": participant.email, "password": make.PASSWORD})
    cache.set("limit", 1, timeout=60)
    prune.call()
    assert Session.objects.count() == UserSession.objects.count() == 1 and cache.get("limit") == 1
    with time_machine.travel(timezone.now() + timedelta(days=15)):
        prune.call()
    assert not Session.objects.exists() and not UserSession.objects.exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM cache_entries")
        assert cursor.fetchone() == (0,)


def test_records_of_mails_are_handed_over_and_erased(participant):
    send(to=participant.email.upper())
    send()
    [exported] = Mails().export(participant)["mails of the last weeks"]
    assert exported["state"] == "waiting"
    Mails().erase(participant, keep_contributions=True)
    assert OutgoingMail.objects.get().recipients == ["ana@example.org"]


# Two workers, and workers that are killed


class MailServer(socketserver.ThreadingTCPServer):
    """Speaks as much SMTP as it takes; silent at first while `holds` is set."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Conversation)
        self.taken: list[bytes] = []
        self.visits = 0
        self.holds = threading.Event()


class Conversation(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self.server.visits += 1
        while self.server.holds.is_set():
            time.sleep(0.02)
        self.say("220 here")
        while line := self.rfile.readline():
            if line.upper().startswith(b"DATA"):
                self.say("354 go on")
                text = b"".join(iter(self.rfile.readline, b".\r\n"))
                self.server.taken.append(text)
                self.say("250 taken")
            else:
                self.say("250 yes")

    def say(self, answer: str) -> None:
        # Workers are killed in the middle of it.
        with suppress(ConnectionError):
            self.wfile.write(f"{answer}\r\n".encode())


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    with MailServer() as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        yield server
        server.holds.clear()
        server.shutdown()


@pytest.fixture
def start_worker(mail_server, tmp_path) -> Iterator[Callable[[], subprocess.Popen]]:
    """Starts `manage.py work` as it is outside of tests, on the database of this test."""
    named = connection.settings_dict
    secret = f":{quote(named['PASSWORD'], safe='')}" if named["PASSWORD"] else ""
    address = f"{named['USER']}{secret}@{quote(str(named['HOST']), safe='')}:{named['PORT']}/{named['NAME']}"
    environment = os.environ | {
        "PORTAL_MODE": "demo",
        "PORTAL_DATA_DIR": str(tmp_path),
        "DATABASE_URL": f"postgresql://{address}",
        "EMAIL_URL": f"smtp://127.0.0.1:{mail_server.server_address[1]}",
    }
    started = []

    def start() -> subprocess.Popen:
        process = subprocess.Popen([sys.executable, ROOT / "manage.py", "work"], cwd=ROOT, env=environment)
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()


@pytest.mark.django_db(transaction=True)
def test_killed_workers_lose_nothing_and_nothing_is_sent_twice(start_worker, mail_server):
    mail_server.holds.set()
    hang_the_first_time.enqueue("begun")
    mail = send()
    killed, other = start_worker(), start_worker()
    wait_for(lambda: cache.get("begun") == 1 and mail_server.visits == 1 and living_workers() == 2)
    running = Task.objects.running().get()
    # Whichever of them is at it, the other one takes over.
    for worker in (killed, other):
        worker.kill()
        worker.wait()
    wait_for(lambda: living_workers() == 0)
    assert Task.objects.running().get() == running and mail_server.taken == []

    last = start_worker()
    mail_server.holds.clear()
    wait_for(lambda: cache.get("begun") == 2 and not OutgoingMail.objects.waiting().exists())
    wait_for(lambda: Task.objects.get(pk=running.pk).status == "SUCCESSFUL")
    assert len(mail_server.taken) == 1 and mail.message_id.encode() in mail_server.taken[0]

    last.terminate()
    assert last.wait(timeout=30) == 0
    assert living_workers() == 0
    assert len(mail_server.taken) == 1


@pytest.mark.django_db(transaction=True)
def test_a_mail_that_is_being_sent_is_left_alone_by_others(mail_server, settings):
    settings.DELIVERY_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = mail_server.server_address
    mail_server.holds.set()
    send()

    def deliver():
        Delivery().send_due()
        connections.close_all()

    first = threading.Thread(target=deliver)
    first.start()
    wait_for(lambda: mail_server.visits == 1)
    assert Delivery().send_due() == 0
    mail_server.holds.clear()
    first.join()
    assert Delivery().send_due() == 0
    assert len(mail_server.taken) == 1


# Looking after it


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("background", *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def dead_letters(settings) -> tuple[Task, OutgoingMail]:
    settings.RETRY_DELAYS = ()
    fail.enqueue("tries")
    send("A secret code")
    Server.answers = [UNKNOWN]
    work_until_idle()
    return Task.objects.get(), OutgoingMail.objects.get()


def test_the_command_lists_and_reruns(dead_letters):
    failed, mail = dead_letters
    count.enqueue("waits")
    listed = run()
    assert "No worker runs." in listed and "Tasks that wait: 1" in listed
    assert f"{failed.pk}  tests.hub.test_background.fail" in listed and "The moon is in the way" in listed
    assert f"mail-{mail.pk}  ana@example.org" in listed and "A secret code" not in listed
    assert run("--rerun", str(failed.pk)) == "1 will run again in a moment.\n"
    assert run("--rerun", f"mail-{mail.pk}") == "1 will run again in a moment.\n"
    assert run("--rerun", "all") == "Nothing was given up.\n"
    work_until_idle()
    assert len(django_mail.outbox) == 1 and cache.get("tries") == 2
    assert run("--rerun", "all") == "1 will run again in a moment.\n"


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("7", "is no ID"),
        ("mail-7000000", "There is no task or mail"),
        ("7d1628e0-0000-4000-8000-000000000000", "There is no task or mail"),
    ],
)
def test_the_command_says_what_is_wrong(name, problem):
    with pytest.raises(CommandError, match=problem):
        run("--rerun", name)


def test_what_is_done_is_not_run_again(dead_letters):
    count.enqueue("done")
    work_until_idle()
    done = Task.objects.successful().get()
    with pytest.raises(CommandError, match="cannot be run again"):
        run("--rerun", str(done.pk))


def test_the_administration_shows_dead_letters_and_reruns_them(client, dead_letters):
    failed, mail = dead_letters
    client.force_login(make.admin())
    tasks = client.get("/admin/background/task/?state=dead").content.decode()
    assert "tests.hub.test_background.fail" in tasks and "The moon is in the way" in tasks
    mails = client.get("/admin/background/outgoingmail/?state__exact=dead").content.decode()
    assert "ana@example.org" in mails and "No such user" in mails
    one_task = client.get(f"/admin/background/task/{failed.pk}/change/").content.decode()
    assert "Traceback" in one_task
    one_mail = client.get(f"/admin/background/outgoingmail/{mail.pk}/change/").content.decode()
    assert "A secret code" not in mails + one_mail and "A text" not in mails + one_mail
    told = {"task": "1 task will run again in a moment.", "outgoingmail": "1 mail will be sent in a moment."}
    for address, each in (("task", failed), ("outgoingmail", mail)):
        action = {"action": "run_again", "_selected_action": [str(each.pk)]}
        answer = client.post(f"/admin/background/{address}/", action, follow=True)
        assert told[address] in answer.content.decode()
    work_until_idle()
    assert len(django_mail.outbox) == 1 and cache.get("tries") == 2
    answer = client.post("/admin/background/outgoingmail/", action, follow=True)
    assert "None of these can be run again" in answer.content.decode()


def test_the_administration_lets_nobody_else_rerun(client, dead_letters):
    _failed, mail = dead_letters
    action = {"action": "run_again", "_selected_action": [str(mail.pk)]}
    for person in (make.person(), make.person(is_staff=True)):
        client.force_login(person)
        assert client.post("/admin/background/outgoingmail/", action).status_code in {302, 403}
    assert OutgoingMail.objects.dead().count() == 1
