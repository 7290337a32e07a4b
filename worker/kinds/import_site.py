"""Does a step of an import: its check, or its application."""

from collections.abc import Mapping
from typing import Any

from core.imports import IMPORT
from core.imports.applying import NotApplicable
from core.imports.document import DocumentBroken
from core.imports.steps import Steps
from core.jira import Jira
from core.outbound import Outbound
from core.secrets import Secrets
from worker.work import CannotSucceed, Work

KIND = IMPORT
# A site may have thousands of fields, each with its names and clauses in Jira's answer.
_LARGEST_ANSWER = 4 * 1024 * 1024
_ANSWER_SECONDS = 20.0


def run(work: Work) -> Mapping[str, Any]:
    """The step that the task names, for the import that it is about."""
    settings = work.resources.settings
    outbound = Outbound(ca_file=settings.ca_file, timeout=_ANSWER_SECONDS, max_bytes=_LARGEST_ANSWER)
    jira = Jira(outbound, app_key=settings.app_key)
    secrets = Secrets(settings.secret_keys)
    steps = Steps(work.resources.database, work.resources.store, jira, secrets, work.lease, work.step)
    if work.task.params["step"] == "check":
        return steps.check()
    try:
        return steps.apply()
    except DocumentBroken as broken:
        raise CannotSucceed(_advice(f"{broken.pointer} {broken.detail}.")) from broken
    except NotApplicable as refused:
        raise CannotSucceed(_advice(str(refused))) from refused


def _advice(reason: str) -> str:
    return f"{reason.strip()} Have the import checked again."
