-- E-mail to the contacts of sites. One row is one message to one address; what was sent stands in it, so that
-- neither a later release nor another template changes what a waiting message says. A chosen site without any
-- contact has a row too, which says so.
--
-- A message is 'sending' before it leaves. Where whoever sent it died before noting what became of it, nobody
-- can tell: 'unknown', and never sent again by itself.
create table notification_messages (
    -- The nil id for a site that we no longer know: one that was purged may have to be told of a breach too.
    tenant_id uuid not null,
    id uuid not null,
    notification_id uuid not null,
    -- A message written while its site is purged goes with the site, too.
    known_tenant uuid generated always as (nullif(tenant_id, '00000000-0000-0000-0000-000000000000')) stored
        references tenants (id) on delete cascade,
    template text not null check (char_length(template) <= 64),
    -- Of no use to a site that the app was uninstalled from.
    lapses boolean not null,
    site text not null check (char_length(site) between 1 and 255),
    -- Null where there is none, and once it is forgotten.
    address text check (char_length(address) <= 254),
    sender text not null check (char_length(sender) <= 512),
    subject text not null check (char_length(subject) <= 255),
    -- [[heading, text], …]
    body jsonb not null,
    message_id text not null check (char_length(message_id) <= 320),
    state text not null
        check (state in ('waiting', 'sending', 'sent', 'refused', 'unknown', 'cancelled', 'no contact')),
    attempts integer not null default 0 check (attempts >= 0),
    due_at timestamptz not null default now(),
    -- The lease of the task that sends it, or did so last.
    taken_by uuid,
    -- What the mail server said last.
    code integer,
    reply text check (char_length(reply) <= 500),
    created_at timestamptz not null default now(),
    -- When it was last asked for: the patience with a server counts from here.
    wanted_at timestamptz not null default now(),
    noted_at timestamptz,
    primary key (tenant_id, id),
    check (address is not null or state not in ('waiting', 'sending')),
    check (state <> 'sending' or taken_by is not null)
);
call protect_tenant_table('notification_messages');
create unique index notification_messages_once
    on notification_messages (tenant_id, notification_id, site, lower(address));
create index notification_messages_open on notification_messages (tenant_id, notification_id)
    where state in ('waiting', 'sending');
-- Sending goes by the functions below alone.
grant select, insert, update, delete on notification_messages to sightline_definer;

-- Marks as 'unknown' what is being sent under a lease that nobody holds any more.
create function doubt_messages() returns void
    language sql security definer set search_path = pg_catalog, public, pg_temp
begin atomic
    update notification_messages message set state = 'unknown', noted_at = now()
    where message.state = 'sending' and not exists (
        select from tasks task
        where task.tenant_id = '00000000-0000-0000-0000-000000000000' and task.kind = 'notify'
          and task.state = 'running' and task.lease_token = message.taken_by and task.leased_until >= now());
end;
call give_to_definer('doubt_messages()');

-- Takes a message of a notification that is due, for the holder of the lease on the notification's task; no
-- row where none is due or the lease is not held. Committed, it is 'sending'.
create function take_message(notification uuid, lease uuid) returns setof notification_messages
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp
as $$
declare
    chosen notification_messages;
begin
    perform from tasks
    where tenant_id = '00000000-0000-0000-0000-000000000000' and kind = 'notify'
      and subject = notification::text and state = 'running' and lease_token = lease
    for share;
    if not found then
        return;
    end if;
    perform doubt_messages();
    loop
        select * into chosen from notification_messages
        where notification_id = notification and state = 'waiting' and due_at <= now()
        order by due_at, tenant_id, id limit 1
        for update skip locked;
        exit when not found;

        if chosen.lapses and exists (
            select from tenants where id = chosen.tenant_id and state = 'uninstalled'
        ) then
            update notification_messages set state = 'cancelled', noted_at = now()
            where tenant_id = chosen.tenant_id and id = chosen.id;
        else
            return query
                update notification_messages
                set state = 'sending', taken_by = lease, attempts = attempts + 1, noted_at = now()
                where tenant_id = chosen.tenant_id and id = chosen.id
                returning *;
            exit;
        end if;
    end loop;
end
$$;
call give_to_definer('take_message(uuid, uuid)');

-- Notes what became of a message, by whoever took it: also where its lease has ended meanwhile, as that one
-- knows and everybody else can only doubt. Whether there was such a message.
create function note_message(
    tenant uuid, message uuid, lease uuid, became text, said_code integer, said text, pause interval
)
    returns boolean
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp
as $$
begin
    update notification_messages
    set state = became, code = said_code, reply = said, due_at = now() + pause, noted_at = now()
    where tenant_id = tenant and id = message and state in ('sending', 'unknown') and taken_by = lease;
    return found;
end
$$;
call give_to_definer('note_message(uuid, uuid, uuid, text, integer, text, interval)');

-- How far a notification is: its messages, how many of them are settled, and in how long the next one is due.
create function messages_left(notification uuid) returns table (total bigint, settled bigint, due_in interval)
    language sql stable security definer set search_path = pg_catalog, public, pg_temp
begin atomic
    select count(*), count(*) filter (where message.state not in ('waiting', 'sending')),
           min(message.due_at) filter (where message.state = 'waiting') - now()
    from notification_messages message where message.notification_id = notification;
end;
call give_to_definer('messages_left(uuid)');

-- Forgets addresses of messages from before a moment, and what servers said, which may name them; at most so
-- many at once. Returns how many were forgotten.
create function forget_message_addresses(before timestamptz, at_most integer) returns integer
    language plpgsql security definer set search_path = pg_catalog, public, pg_temp
as $$
declare
    forgotten integer;
begin
    perform doubt_messages();
    update notification_messages
    set address = null, reply = null,
        state = case state when 'waiting' then 'cancelled' when 'sending' then 'unknown' else state end
    where (tenant_id, id) in (
        select message.tenant_id, message.id from notification_messages message
        where message.created_at < before and (message.address is not null or message.reply is not null)
        limit at_most for update skip locked
    );
    get diagnostics forgotten = row_count;
    return forgotten;
end
$$;
call give_to_definer('forget_message_addresses(timestamptz, integer)');

grant execute on function take_message(uuid, uuid),
    note_message(uuid, uuid, uuid, text, integer, text, interval), messages_left(uuid),
    forget_message_addresses(timestamptz, integer) to sightline_worker;
