"""The worker: runs tasks one after the other, and delivers mails beside them.

Each worker has a number, and holds an advisory lock of PostgreSQL on it. The database ends the lock with the
connection, so that a worker that was killed is recognised at once, by whichever worker looks next; its tasks are
run again. (The lock belongs to a session: a pooler between us and PostgreSQL must not share one among clients.)

Why not the worker of django-tasks-db: it tries a task once, and leaves one whose worker was killed running for ever.
"""

import logging
import secrets
import signal
import threading
import time

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, transaction
from django.utils import translation
from django_tasks import TaskContext

from hub.background.mail import Delivery
from hub.background.models import Task
from hub.background.schedule import enqueue_due

log = logging.getLogger(__name__)

# Any fixed number: it tells our locks from others in the same database.
LOCK_SPACE = 1_726_400_518
POLL_SECONDS = 1
# People wait for codes, so mails are looked for more often.
MAIL_POLL_SECONDS = 0.5
UNAVAILABLE_SECONDS = 3
# Then what is still being done is cut off, and done again later.
STOP_SECONDS = 3


class WorkerKilled(Exception):
    """Stands in the record of a task whose worker was gone before the task had ended."""


class Worker:
    def __init__(self) -> None:
        self.number = secrets.randbelow(2**31)
        self.locked_on: object = None
        self.is_busy = False
        self.is_stopping = False

    def run(self) -> None:
        """Work until asked to stop, whatever happens to the database meanwhile."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            if signal.getsignal(number) != signal.SIG_IGN:
                signal.signal(number, self.stop)
        signal.signal(signal.SIGALRM, self.interrupt)
        mails = MailThread()
        mails.start()
        try:
            while not self.is_stopping:
                self.work_a_while()
        finally:
            mails.stop()

    def work_a_while(self) -> None:
        try:
            while self.run_next() and not self.is_stopping:
                pass
            pause = POLL_SECONDS
        except (OperationalError, InterfaceError) as error:
            log.warning("The database does not answer the worker: %s", " ".join(str(error).split()))
            connection.close()
            pause = UNAVAILABLE_SECONDS
        if not self.is_stopping:
            time.sleep(pause)

    # Being asked to stop. The handlers run in the main thread, between any two steps of what it does.

    def stop(self, number: int, frame: object) -> None:
        if not self.is_busy:
            raise SystemExit(0)
        self.is_stopping = True
        signal.alarm(STOP_SECONDS)

    def interrupt(self, number: int, frame: object) -> None:
        if self.is_busy:
            raise SystemExit(0)

    # Tasks

    def run_next(self) -> bool:
        """Run the task that comes first, after seeing to dead workers and to the schedule; whether there was one."""
        self.hold_lock()
        take_over_abandoned()
        enqueue_due()
        self.is_busy = True
        try:
            if task := self.claim():
                self.run_task(task)
        finally:
            self.is_busy = False
        return bool(task)

    @transaction.atomic
    def claim(self) -> Task | None:
        task = Task.objects.ready().select_for_update(skip_locked=True).first()
        if task:
            task.claim(str(self.number))
        return task

    def run_task(self, task: Task) -> None:
        try:
            call(task)
        except SystemExit:
            task.put_back()
            raise
        except Exception as error:
            # A connection that broke is replaced before the failure is written down.
            if not connection.in_atomic_block:
                connection.close_if_unusable_or_obsolete()
            task.fail(error)
            log.warning("Task %s, attempt %s, failed", task, task.attempts, exc_info=error)
        else:
            task.succeed()

    # The lock

    def hold_lock(self) -> None:
        """Lock this worker's number, unless the lock of before still holds: it ends with its connection."""
        connection.ensure_connection()
        if self.locked_on is not connection.connection:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_lock(%s, %s)", [LOCK_SPACE, self.number])
            self.locked_on = connection.connection

    def release_lock(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [LOCK_SPACE, self.number])
        self.locked_on = None


def call(task: Task) -> None:
    function = task.task
    arguments, named = task.args_kwargs["args"], task.args_kwargs["kwargs"]
    if function.takes_context:
        arguments = [TaskContext(task_result=task.task_result), *arguments]
    with translation.override(settings.LANGUAGE_CODE):
        function.call(*arguments, **named)


@transaction.atomic
def take_over_abandoned() -> int:
    """Let the tasks of dead workers run again; the number of them."""
    abandoned = [
        task
        for task in Task.objects.running().select_for_update(skip_locked=True)
        if not is_alive(int(task.worker_ids[-1]))
    ]
    for task in abandoned:
        log.warning("Task %s, attempt %s, lost its worker", task, task.attempts)
        task.fail(WorkerKilled("The worker was killed, or lost the database, before the task had ended."), at_once=True)
    return len(abandoned)


def is_alive(number: int) -> bool:
    """Whether another worker holds the lock on `number`.

    Our own does not count: who asks is between two tasks, and what is still noted as running is not.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [LOCK_SPACE, number])
        (was_free,) = cursor.fetchone()
    return not was_free


def living_workers() -> int:
    """How many workers there are, on whichever machine."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database "
            "WHERE datname = current_database() AND locktype = 'advisory' AND classid = %s AND granted",
            [LOCK_SPACE],
        )
        (count,) = cursor.fetchone()
    return count


def work_until_idle() -> None:
    """Run every task and send every mail that is due, in this process, then return."""
    worker, delivery = Worker(), Delivery()
    try:
        while worker.run_next() or delivery.send_due():
            pass
    finally:
        worker.release_lock()


class MailThread(threading.Thread):
    """Delivers mails, so that nobody waits for a code because a task takes long."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.stopping = threading.Event()

    def run(self) -> None:
        delivery = Delivery()
        while not self.stopping.wait(MAIL_POLL_SECONDS):
            try:
                delivery.send_due()
            except Exception as error:
                # A database that is away, of which the main thread speaks, or something that nobody thought of.
                # Neither may end all delivery for good.
                if not isinstance(error, OperationalError | InterfaceError):
                    log.exception("Mails could not be delivered")
                connection.close()
                delivery = Delivery()
                self.stopping.wait(UNAVAILABLE_SECONDS)
        connection.close()

    def stop(self) -> None:
        """End after the mail that is being sent, or without it if that takes too long."""
        self.stopping.set()
        self.join(STOP_SECONDS)
