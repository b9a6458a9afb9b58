from django.core.management import call_command

from consultations import markup
from consultations.models import Comment, CommentVersion
from tests import make


def test_only_what_comes_out_differently_is_written(capsys, question):
    outdated, current = make.comment(question), make.comment(question, body="Another *one*.")
    Comment.objects.filter(pk=outdated.pk).update(html="<p>old</p>", words=1)
    CommentVersion.objects.filter(comment=current).update(html="<p>old</p>")
    call_command("rerender_comments")
    assert "Rendered 1 contributions and 1 versions anew." in capsys.readouterr().out
    outdated.refresh_from_db()
    assert outdated.html == markup.render(outdated.body).html
    assert outdated.words == markup.render(outdated.body).words
    assert current.versions.get().html == markup.render(current.body).html
    call_command("rerender_comments")
    assert "Rendered 0 contributions and 0 versions anew." in capsys.readouterr().out


def test_a_dry_run_writes_nothing(capsys, question):
    outdated = make.comment(question)
    Comment.objects.filter(pk=outdated.pk).update(html="<p>old</p>")
    call_command("rerender_comments", dry_run=True)
    assert "1 contributions and 0 versions would change." in capsys.readouterr().out
    outdated.refresh_from_db()
    assert outdated.html == "<p>old</p>"
