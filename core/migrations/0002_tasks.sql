-- Background work. A row here is the truth about a task; whatever lies in Redis only wakes a worker.

create table tasks (
    -- No reference to tenants: the task that removes a tenant outlives it, and the service's own tasks
    -- (schedules) belong to the nil id, which no tenant can have.
    tenant_id uuid not null,
    id uuid not null,
    kind text not null check (kind ~ '^[a-z][a-z-]{0,62}$'),
    -- What it is about within the tenant; empty for the tenant as a whole. Two unfinished tasks of one kind
    -- and subject would do the same work.
    subject text not null default '' check (char_length(subject) <= 255),
    -- 0: a person waits for it; larger: later.
    urgency smallint not null check (urgency between 0 and 9),
    -- waiting: not due before its appointed time; queued: due, or trying again at due_at.
    state text not null check (state in ('waiting', 'queued', 'running', 'done', 'failed', 'cancelled')),
    due_at timestamptz not null default now(),
    -- The moment of a schedule that made this row; null for a request.
    slot timestamptz,
    attempts integer not null default 0 check (attempts >= 0),
    attempts_allowed integer not null check (attempts_allowed > 0),
    lease_token uuid,
    leased_until timestamptz,
    done bigint not null default 0 check (done >= 0),
    total bigint check (total >= 0),
    error text check (char_length(error) <= 2000),
    params jsonb not null default '{}',
    result jsonb,
    requested_by text check (char_length(requested_by) <= 128),
    created_at timestamptz not null default now(),
    -- Of the latest attempt.
    started_at timestamptz,
    finished_at timestamptz,
    primary key (tenant_id, id),
    check ((state = 'running') = (lease_token is not null)),
    check ((state = 'running') = (leased_until is not null)),
    check ((state in ('done', 'failed', 'cancelled')) = (finished_at is not null))
);
call protect_tenant_table('tasks');
grant select, insert, delete, update (state, lease_token, leased_until, finished_at) on tasks to sightline_api;
grant select, insert, update, delete on tasks to sightline_worker;
grant select, update on tasks to sightline_definer;

-- A like request finds the unfinished task instead of making a second one.
create unique index tasks_unfinished on tasks (tenant_id, kind, subject)
    where state in ('waiting', 'queued', 'running');
-- However many schedulers run, a slot is served once.
create unique index tasks_slot on tasks (tenant_id, kind, slot) where slot is not null;
-- What claim_task and due_tasks look through: only what is not finished.
create index tasks_due on tasks (tenant_id, due_at) where state in ('waiting', 'queued', 'running');
-- When was this tenant last served?
create index tasks_served on tasks (tenant_id, started_at) where started_at is not null;
create index tasks_of_kind on tasks (tenant_id, kind, created_at desc, id desc);

-- Wakes the relay at commit. Without a listener, or behind a pooler that drops it, the relay looks by itself
-- within seconds.
create function announce_task() returns trigger
    language plpgsql
as $$
begin
    perform pg_notify('sightline_tasks', '');
    return null;
end
$$;
create trigger announce_new_task after insert on tasks
    for each row when (new.due_at <= now()) execute function announce_task();
create trigger announce_freed_task after update of state on tasks
    for each row when (new.state = 'queued' and new.due_at <= now()) execute function announce_task();

-- Takes the fairest due task of the kinds that the caller can do, under a new lease, or returns no row.
-- 1. Due means: its time has come, and nobody holds it or the holder's lease has run out.
-- 2. The most urgent kind goes first; what has been due for 15 minutes counts as most urgent, so that a
--    stream of urgent work holds nothing up for ever.
-- 3. Among equals the tenant with the fewest running tasks goes first, then the one served longest ago, so
--    that one tenant's thousand tasks do not hold up another's one.
-- 4. A row that another caller is taking at this moment is passed over, not waited for.
-- 5. A task whose workers died as often as it may be tried is parked as failed instead of taken.
create function claim_task(kinds text[], lease interval) returns setof tasks
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp
as $$
declare
    chosen tasks;
begin
    loop
        select task.* into chosen
        from tasks task
        join (
            select due.tenant_id,
                   (select count(*) from tasks held
                    where held.tenant_id = due.tenant_id and held.state = 'running'
                      and held.leased_until >= now()) as running,
                   (select max(served.started_at) from tasks served
                    where served.tenant_id = due.tenant_id) as served_at
            from tasks due
            where due.state in ('waiting', 'queued', 'running') and due.due_at <= now()
            group by due.tenant_id
        ) turn on turn.tenant_id = task.tenant_id
        where task.state in ('waiting', 'queued', 'running') and task.due_at <= now()
          and (task.state <> 'running' or task.leased_until < now())
          and task.kind = any (kinds)
        order by case when task.due_at < now() - interval '15 minutes' then 0 else task.urgency end,
                 turn.running, turn.served_at nulls first, task.due_at, task.id
        limit 1
        for update of task skip locked;
        exit when not found;

        if chosen.attempts < chosen.attempts_allowed then
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

-- Names tasks that are due and that nobody holds, for the relay to offer; the longest due first.
create function due_tasks(at_most integer) returns table (id uuid)
    language sql stable security definer set search_path = pg_catalog, public, pg_temp
begin atomic
    select task.id from tasks task
    where task.state in ('waiting', 'queued', 'running') and task.due_at <= now()
      and (task.state <> 'running' or task.leased_until < now())
    order by task.due_at
    limit at_most;
end;

-- Names tasks of a kind that ended before a moment, for the sweeps.
create function tasks_ended_before(wanted_kind text, moment timestamptz, at_most integer)
    returns table (tenant_id uuid, id uuid)
    language sql stable security definer set search_path = pg_catalog, public, pg_temp
begin atomic
    select task.tenant_id, task.id from tasks task
    where task.kind = wanted_kind and task.finished_at < moment
    order by task.finished_at
    limit at_most;
end;

grant execute on function claim_task(text[], interval), due_tasks(integer),
    tasks_ended_before(text, timestamptz, integer) to sightline_worker;
call give_to_definer('claim_task(text[], interval)');
call give_to_definer('due_tasks(integer)');
call give_to_definer('tasks_ended_before(text, timestamptz, integer)');
