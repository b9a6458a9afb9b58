"""What Django's own commands, such as `migrate` and `check --database default`, refuse to work on."""

from django.core import checks
from django.db import connections

from hub import database


@checks.register(checks.Tags.database)
def databases_are_usable(databases=None, **kwargs) -> list[checks.Error]:
    problems = []
    for name in databases or []:
        try:
            database.require_usable(connections[name].settings_dict)
        except database.DatabaseProblem as problem:
            problems.append(checks.Error(str(problem), id="hub.E001"))
    return problems
