"""What of a resource stands in a text that somebody reads, so that a decision can be about that text alone."""

from hub.resources import drafting
from hub.resources.models import Resource

# Kept until it is sent back; then it stands with that step.
NOT_READ = {"answer"}


def values_of(resource: Resource) -> dict:
    """All that its submitter filled in, by field; what points elsewhere as a sorted list of keys."""
    steps = drafting.steps_of(resource)
    return {
        name: value
        for step in steps
        for name, value in drafting.values_of(resource, step).items()
        if name not in NOT_READ
    }


def digest(resource: Resource) -> str:
    """The same as long as nothing of its text and files has changed."""
    files = [file.sha256 for file in resource.files.all()]
    return drafting.version_of(values_of(resource) | {"files": files})
