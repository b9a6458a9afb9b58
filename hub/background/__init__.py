"""Work in the background: tasks, the schedule, and the queue of mails. `docs/decisions/0004-background.md` says why.

**A task** is a function with `@task` (`from django_tasks import task`), at the top level of a module. Whoever wants
it done calls `its_name.enqueue(...)`, with arguments that JSON can hold: primary keys, not objects. It is enqueued in
the caller's transaction: what is rolled back is never done. The worker (`manage.py work`, started by `script/server`)
calls it a moment later, in the portal's default language and outside of any transaction.

- A task that raises is tried again after each of `settings.RETRY_DELAYS`, then it is dead: it waits in the
  administration and in `manage.py background` for somebody to run it again.
- A task whose worker was killed runs again at once. **So every task must be idempotent**: done twice, or done the
  second time from where the first was cut off, the result is the same. Do the work and the note that it is done in
  one transaction, or look first whether it was done.
- There may be several workers, but one task is run by one of them at a time. Many small tasks are better than
  a long one: one per person, say. A long one keeps other tasks waiting, though never mails.

**On a schedule**: `settings.SCHEDULE` maps the path of a task without arguments to its interval in seconds.

**A mail** is sent as always in Django: `EmailMultiAlternatives(...).send()`. It is stored in the caller's
transaction and delivered a moment later; a mail server that is away can neither fail nor slow down a page. Mails
with the header `List-Unsubscribe` give way to all others, such as codes that somebody waits for.

In tests tasks are called at once by `enqueue` (which keeps to itself what they raise), and mails are in
`mail.outbox`; `hub.background.worker.work_until_idle` is for tests of the real queue.
"""
