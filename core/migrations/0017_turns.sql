-- Claiming by an index, so that it costs the same however many tenants wait. The fairness that claim_task looked
-- up for every waiting tenant at each claim now stands in the task's row when it is queued, as its place in line.

-- 0 goes first. A task's own urgency, until it was due for 15 minutes.
alter table tasks add column rank smallint not null default 0 check (rank between 0 and 9);
-- Its turn among those of its rank, the lowest first.
alter table tasks add column turn bigint not null default 0 check (turn >= 0);

-- How far the serving is: past every turn that was served, and no higher than the turns that come next. A sequence,
-- as nobody waits for one; that two claims at once may set it to the lower of theirs does no harm.
create sequence turns_served minvalue 0 start 0;
grant select on turns_served to sightline_backup;
grant select, update on turns_served to sightline_definer;

-- Gives a task its place when it is written, and another when it goes back into the line for later.
-- 1. Turns have even numbers. A tenant's next is two past its last one, so that each of its tasks waits for one of
--    every other tenant that waits too.
-- 2. It is no lower than what is being served: who asks for nothing for a day saves up nothing.
-- 3. Serving a turn takes the serving one past it, to between this and the next. So who comes new goes before the
--    second task of whoever came first, but only so often.
-- Two tasks of a tenant that are written at once may get one turn, which makes it fair by one task less.
create function take_turn() returns trigger
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp
as $$
begin
    new.rank := new.urgency;
    new.turn := greatest(
        (select max(mine.turn) + 2 from tasks mine where mine.tenant_id = new.tenant_id),
        (select last_value from turns_served));
    return new;
end
$$;
call give_to_definer('take_turn()');
create trigger take_turn before insert on tasks
    for each row execute function take_turn();
-- What is given back as it was keeps its place.
create trigger take_another_turn before update of state on tasks
    for each row when (old.state = 'running' and new.state = 'queued' and new.due_at <> old.due_at)
    execute function take_turn();

-- Those that wait already, by the same rule.
set local role sightline_definer;
update tasks set rank = urgency, turn = place.turn
from (
    select tenant_id, id, 2 * row_number() over (partition by tenant_id order by due_at, id) as turn
    from tasks where state in ('waiting', 'queued', 'running')
) place
where tasks.tenant_id = place.tenant_id and tasks.id = place.id;
do $$
begin
    if exists (select from tasks where state in ('waiting', 'queued', 'running') and turn = 0) then
        raise exception 'a task that waits has no turn';
    end if;
end
$$;
reset role;

-- The line. All that decides whether a task is due stands in the index, so that those that are not cost little.
create index tasks_line on tasks (rank, turn, due_at, id) where state in ('waiting', 'queued', 'running');
-- What has been due for how long; for the relay, and for those that grow urgent with time.
create index tasks_due_at on tasks (due_at) where state in ('waiting', 'queued', 'running');
create index tasks_ageing on tasks (due_at) where state in ('waiting', 'queued', 'running') and rank > 0;
create index tasks_turns on tasks (tenant_id, turn);
drop index tasks_due;
drop index tasks_served;

-- Takes the fairest due task of the kinds that the caller can do, under a new lease, or returns no row.
-- 1. Due means: its time has come, and nobody holds it or the holder's lease has run out.
-- 2. The most urgent kind goes first; what has been due for 15 minutes counts as most urgent, so that a
--    stream of urgent work holds nothing up for ever.
-- 3. Among equals the lowest turn goes first (take_turn): tenants one after the other, so that one tenant's thousand
--    tasks do not hold up another's one.
-- 4. A row that another caller is taking at this moment is passed over, not waited for.
-- 5. A task whose workers died as often as it may be tried is parked as failed instead of taken.
create or replace function claim_task(kinds text[], lease interval) returns setof tasks
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp
as $$
declare
    chosen tasks;
begin
    -- Some at each claim, as there may be any number of them.
    update tasks set rank = 0
    where (tenant_id, id) in (
        select old.tenant_id, old.id from tasks old
        where old.state in ('waiting', 'queued', 'running') and old.rank > 0
          and old.due_at < now() - interval '15 minutes'
        order by old.due_at limit 100 for update skip locked
    );
    loop
        select task.* into chosen
        from tasks task
        where task.state in ('waiting', 'queued', 'running') and task.due_at <= now()
          and (task.state <> 'running' or task.leased_until < now())
          and task.kind = any (kinds)
        order by task.rank, task.turn, task.due_at, task.id
        limit 1
        for update of task skip locked;
        exit when not found;

        if chosen.attempts < chosen.attempts_allowed then
            perform setval('turns_served', greatest(chosen.turn + 1, last_value)) from turns_served;
            return query
                update tasks
                set state = 'running', attempts = attempts + 1, lease_token = gen_random_uuid(),
                    leased_until = now() + lease, started_at = clock_timestamp(), done = 0, total = null
                where tenant_id = chosen.tenant_id and id = chosen.id
                returning *;
            exit;
        end if;
        update tasks
        set state = 'failed', lease_token = null, leased_until = null, finished_at = now(),
            error = format('Its worker ended without a word %s times in a row.', attempts)
        where tenant_id = chosen.tenant_id and id = chosen.id;
    end loop;
end
$$;
