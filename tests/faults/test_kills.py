"""Every process that takes part in a task is killed at every place that the task passes.

The places are those that the code names (`core.checkpoints`), recorded while each kind's task is done once.
"""

from __future__ import annotations

import os
import random
import secrets
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg2
import pytest

from core.setting_types import new_secret_key
from tests.databases import DatabaseServer
from tests.faults.lane import Case, Lane, Passed
from tests.faults.scenarios import SCENARIOS, Scenario
from tests.faults.steps import ROOT, raw_effects, steps
from tests.fragile_worker import Plan
from tests.jira_server import jira_server
from tests.mail_server import mail_server
from tests.separation import session
from tests.servers import embedded
from tests.workers import eventually, workplace
from worker.kinds import runners

LONG = bool(os.environ.get("SOAK"))
SEED = int(os.environ.get("SEED", "0")) or (secrets.randbelow(1 << 32) if LONG else 20_261_123)
VICTIMS = ("horse", "parent", "relay")
AT_ONCE = 6
# Where a message may have left when its sender dies, and nobody can know.
DOUBTFUL = ("queried @ core.mailing.Mailing.take", "message announced", "message left", "message answered")
LEASE_SECONDS = 2


# Steps of the code at which nobody is killed here.
SPARED = {
    "the API's": (
        "core.audit.page", "core.audit.record_refusal", "core.gadgets.Gadgets._held",
        "core.gadgets.Gadgets._read", "core.imports.store.Imports._open",
        "core.imports.store.Imports.delete", "core.imports.store.Imports.put_part",
        "core.notices.notices_of", "core.personal_data.hashes.Returns._put_back",
        "core.personal_data.hashes.Returns.welcome", "core.reports.sight.Sight.open",
        "core.reports.sight.Sight.read", "core.rights.Rights._asked_projects",
        "core.rights.Rights._asked_site_admin", "core.rights.Rights._with_groups",
        "core.site_settings.SettingsStore.read", "core.site_settings.SettingsStore.replace",
        "core.tenants.Tenants._change", "core.tenants.Tenants._install", "core.tenants.Tenants.find",
    ),
    "the operator's, or at a process's start": (
        "core.backups.restore.verify_backup", "core.mail.send", "core.migrate.missing_migrations",
        "core.database.wait_for",
    ),
    "the relay's, which is killed at every place of others": (
        "core.tasks.schedule_task", "core.tasks_lease.due_tasks",
    ),
    "one write after the end of an attempt, or beside it": (
        "worker.attempt._record", "worker.keeper.Keeper._cut_off", "worker.keeper.Keeper._renew",
    ),
    "over before what it returns does anything": ("core.backups.make._dump",),
    "only reading": ("worker.kinds.check_backups._is_new",),
}  # fmt: skip
# Modules that touch the outside world by themselves, where `core.checkpoints` has to be told.
CHOKE_POINTS = {
    "core.backups.drill", "core.backups.programs", "core.backups.restore", "core.backups.status",
    "core.database", "core.mail_connection", "core.migrate", "core.outbound", "core.store",
}  # fmt: skip
# Those that touch it and change nothing there: they read, or are no part of a task.
HARMLESS = {
    "core.backups.make": "reads a snapshot; pg_dump is run by core.backups.programs",
    "core.overview": "the operator's",
    "core.rotation": "the operator's",
    "worker.announcements": "listens",
    "worker.supervisor": "starts the processes",
}


@dataclass
class Found:
    """What came of one kind's killings."""

    name: str
    passed: Passed = field(default_factory=Passed)
    cases: int = 0
    seconds: float = 0.0
    faults: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        places = "\n  ".join(self.passed.places)
        return f"{self.name}: {self.cases} killings in {self.seconds:.0f} s, at\n  {places}"


@dataclass(frozen=True)
class Grounds:
    """Servers of these tests' own."""

    postgres: DatabaseServer
    redis_url: str
    folder: Path


@pytest.fixture(scope="module")
def grounds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Grounds]:
    folder = tmp_path_factory.mktemp("grounds")
    with embedded(folder) as servers:
        postgres = DatabaseServer(servers.postgres_url)
        eventually(lambda: _made_template(postgres, folder), "PostgreSQL to answer")
        yield Grounds(postgres, servers.redis_url, folder)


def _made_template(postgres: DatabaseServer, folder: Path) -> bool:
    with suppress(psycopg2.OperationalError):
        postgres.make_template(folder / "template.done")
        return True
    return False


def lane_of(grounds: Grounds, stack: ExitStack, number: int) -> Lane:
    urls = grounds.postgres.fresh_database()
    folder = grounds.folder / f"lane{number}"
    folder.mkdir()
    place = workplace(urls, f"{grounds.redis_url}/{number}", folder)
    mail, jira = stack.enter_context(mail_server()), stack.enter_context(jira_server())
    scratch = drill_address(grounds.postgres)
    place.environment |= {
        "LEASE_SECONDS": str(LEASE_SECONDS),
        "SMTP_URL": mail.url,
        "MAIL_PER_MINUTE": "100000",
        "BACKUP_DATABASE_URL": urls.backup,
        "BACKUP_KEYS": new_secret_key(),
        "DRILL_DATABASE_URL": scratch,
        "RETENTION_AFTER_UNINSTALL": "P30D",
    }
    return Lane(place, grounds.postgres, jira, mail, scratch)


def drill_address(postgres: DatabaseServer) -> str:
    role = f"drill_{uuid4().hex}"
    with session(postgres.owner_url) as cursor:
        cursor.execute(
            f"create role {role} login createdb noinherit password 'drill';"
            f" grant sightline_definer to {role} with inherit false, set true"
        )
    return f"postgresql://{role}:drill@{postgres.owner_url.rpartition('@')[2]}"


@pytest.fixture(scope="module")
def found(grounds: Grounds, request: pytest.FixtureRequest) -> Iterator[dict[str, Future[Found]]]:
    """What comes of each kind that is asked about, as it comes."""
    sys.stdout.write(f"SEED={SEED}\n")
    wanted = {item.callspec.params.get("name") for item in request.session.items if hasattr(item, "callspec")}
    with ThreadPoolExecutor(AT_ONCE) as threads:
        yield {
            name: threads.submit(killings, grounds, number, name)
            for number, name in enumerate(SCENARIOS, 1)
            if name in wanted
        }


def killings(grounds: Grounds, number: int, name: str) -> Found:
    scenario, kind, found = SCENARIOS[name], name.partition(",")[0], Found(name)
    chance = random.Random(f"{SEED} {name}")  # noqa: S311 - to be the same for the same seed
    began = time.monotonic()
    with ExitStack() as stack:
        lane = lane_of(grounds, stack, number)
        quiet = scenario.prepare(lane)
        found.passed = lane.record()
        wanted = scenario.effect(lane, quiet)
        stack.enter_context(lane.at_work())
        for place, times in found.passed.places.items():
            for victim in VICTIMS if LONG else (chance.choice(VICTIMS),):
                plan = Plan(kind, place, chance.randint(1, times), victim)
                found.cases += 1
                found.faults += one_killing(lane, scenario, plan, wanted)
    found.seconds = time.monotonic() - began
    return found


def one_killing(lane: Lane, scenario: Scenario, plan: Plan, wanted: object) -> list[str]:
    """What was not as it should be."""
    try:
        case = killed_case(lane, scenario, plan)
        effect = scenario.effect(lane, case)
    except AssertionError as error:
        return [f"{plan}: {error}"]
    if plan.kind == "notify" and plan.victim == "horse" and plan.place.startswith(DOUBTFUL):
        return doubt(plan, effect)
    return [] if effect == wanted else [f"{plan}: {effect} instead of {wanted}"]


def killed_case(lane: Lane, scenario: Scenario, plan: Plan) -> Case:
    """A case over which the victim died. A place may be passed fewer times than it was before."""
    for attempt in (plan, replace(plan, turn=1)):
        lane.kill(attempt)
        case = scenario.prepare(lane)
        lane.finish(case.task)
        if lane.killed():
            return case
    raise AssertionError("nobody was killed")


def doubt(plan: Plan, effect: Any) -> list[str]:
    """Exactly one message is in doubt, which was taken at most once and nowhere before it left."""
    states, mailed = effect
    unknown = [address for address, state in states.items() if state == "unknown"]
    left = plan.place.startswith(("message left", "message answered"))
    sound = (
        len(unknown) == 1
        and mailed.get(unknown[0], 0) == left
        and all(state == "sent" and mailed[a] == 1 for a, state in states.items() if a not in unknown)
    )
    return [] if sound else [f"{plan}: {effect}"]


@pytest.mark.timeout(1800 if LONG else 300)
@pytest.mark.parametrize("name", sorted(SCENARIOS))
def test_a_task_is_done_once_whoever_dies_wherever(found: dict[str, Future[Found]], name: str) -> None:
    outcome = found[name].result()
    sys.stdout.write(f"{outcome}\n")
    assert outcome.faults == []


def test_every_kind_has_a_scenario() -> None:
    assert {name.partition(",")[0] for name in SCENARIOS} == set(runners())


def test_every_step_of_the_code_is_a_place_where_somebody_dies(found: dict[str, Future[Found]]) -> None:
    passed = {name for future in found.values() for name in future.result().passed.functions}
    spared = {name for names in SPARED.values() for name in names}
    listed = steps("core", "worker")
    assert listed - passed - spared == set(), "no task of a scenario comes to these steps"
    assert spared <= listed, "these are no steps any more"


def test_effects_are_had_where_somebody_can_die_between_them() -> None:
    raw = raw_effects("core", "worker")
    assert set(raw) == CHOKE_POINTS | set(HARMLESS)
    for module in CHOKE_POINTS:
        source = (ROOT / module.replace(".", "/")).with_suffix(".py").read_text()
        assert "passed(" in source, module
