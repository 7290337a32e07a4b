"""The fence between tenants as a database has it: policies, grants, and who owns the functions that see all.

A backup's manifest holds it in words, and a restored database is compared with that. What must hold in any
database of ours is looked at besides, as a backup of a damaged one restores the damage.
"""

import re
from collections.abc import Mapping, Sequence

from core.backups.manifest import Fence
from core.database import Cursor, Row

_ROLES = frozenset({"sightline_api", "sightline_worker", "sightline_backup", "sightline_definer"})
# Of each part of the fence: a query, and how a row of it reads.
_PARTS = {
    "row security": (
        """
        select c.relname as "on", c.relrowsecurity as enabled, c.relforcerowsecurity as forced
        from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
        """,
        "on {on}, enabled {enabled}, forced {forced}",
    ),
    "policies": (
        """
        select policyname as name, tablename as "on", permissive, cmd, roles::text[] as roles, qual,
               with_check
        from pg_policies where schemaname = 'public'
        """,
        "{name} on {on}, {permissive} for {cmd} to {roles}: {qual}, {with_check}",
    ),
    "functions": (
        """
        select p.oid::regprocedure::text as name, p.proowner::regrole::text as role, p.prosecdef as definer,
               p.proconfig as settings
        from pg_proc p where p.pronamespace = 'public'::regnamespace
        """,
        "{name} of {role}, definer {definer}, {settings}",
    ),
    "table grants": (
        """
        select g.privilege_type as "right", c.relname as "on", g.grantee::regrole::text as role
        from pg_class c cross join aclexplode(coalesce(c.relacl, acldefault('r', c.relowner))) g
        where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'S')
        """,
        "{right} on {on} to {role}",
    ),
    "column grants": (
        """
        select g.privilege_type as "right", c.relname as "on", a.attname as "column",
               g.grantee::regrole::text as role
        from pg_attribute a join pg_class c on c.oid = a.attrelid cross join aclexplode(a.attacl) g
        where c.relnamespace = 'public'::regnamespace and not a.attisdropped
        """,
        "{right} on {on}.{column} to {role}",
    ),
    "function grants": (
        """
        select p.oid::regprocedure::text as "on", g.grantee::regrole::text as role
        from pg_proc p cross join aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) g
        where p.pronamespace = 'public'::regnamespace
        """,
        "{on} to {role}",
    ),
}

_UNFENCED = """
    select c.relname as told from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
      and not (c.relrowsecurity and c.relforcerowsecurity)
      and (c.relname = 'tenants' or exists (
              select from pg_attribute a
              where a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped))
"""
# Tables of tenants' data are those that name a tenant, and the tenants themselves.
_RULES = """
    select c.relname as name, case c.relname when 'tenants' then 'id' else 'tenant_id' end as tenant_column,
           p.policyname, p.qual, p.with_check
    from pg_class c left join pg_policies p
        on p.schemaname = 'public' and p.tablename = c.relname and p.permissive = 'PERMISSIVE'
        and p.roles && '{public,sightline_api,sightline_worker}'
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
      and (c.relname = 'tenants' or exists (
              select from pg_attribute a
              where a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped))
    order by 1, 3
"""
_MISOWNED = """
    select p.oid::regprocedure::text as told from pg_proc p
    where p.pronamespace = 'public'::regnamespace and p.prosecdef and (
        p.proowner <> 'sightline_definer'::regrole
        or coalesce(p.proconfig, '{}') <> array['search_path=pg_catalog, public, pg_temp']
        or has_function_privilege('public', p.oid, 'execute'))
"""
_PUBLIC = """
    select distinct c.relname as told from pg_class c cross join aclexplode(c.relacl) g
    where c.relnamespace = 'public'::regnamespace and g.grantee = 0
"""
_POWERFUL = """
    select rolname as told from pg_roles where rolname in ('sightline_api', 'sightline_worker') and (
        rolsuper or rolbypassrls or rolcreaterole or exists (
            select from pg_class c where c.relnamespace = 'public'::regnamespace
            and pg_has_role(rolname, c.relowner, 'member')))
"""
_SENTENCES = (
    (_UNFENCED, "The table {} does not force row security."),
    (_MISOWNED, "The function {} sees all tenants and is not fenced off as it should be."),
    (_PUBLIC, "Everyone has rights to {}."),
    (_POWERFUL, "The role {} is too powerful."),
)


def describe(cursor: Cursor) -> Fence:
    """The fence in words, part by part, sorted. Roles that other servers may lack stand as `owner`."""
    return {name: _words(cursor, query, words) for name, (query, words) in _PARTS.items()}


def differences(wanted: Mapping[str, Sequence[str]], found: Mapping[str, Sequence[str]]) -> list[str]:
    """What one database has of a fence and the other has not, as sentences."""
    sentences = []
    for name, words in wanted.items():
        have = set(found.get(name, ()))
        sentences += [f"Missing of the {name}: {word}." for word in words if word not in have]
        sentences += [f"Unexpected among the {name}: {word}." for word in sorted(have - set(words))]
    return sentences


def breaches(cursor: Cursor) -> list[str]:
    """What is wrong with the fence whatever the database was before, as sentences."""
    found = []
    for query, sentence in _SENTENCES:
        cursor.execute(query)
        found += sorted(sentence.format(row["told"]) for row in cursor.fetchall())
    return found + _broken_rules(cursor)


def _words(cursor: Cursor, query: str, words: str) -> list[str]:
    cursor.execute(query)
    rows = [{name: _word(name, value) for name, value in row.items()} for row in cursor.fetchall()]
    return sorted({words.format_map(row) for row in rows})


def _word(name: str, value: object) -> str:
    if name == "role":
        return {"-": "everyone"}.get(str(value), str(value) if value in _ROLES else "owner")
    if isinstance(value, list):
        return " ".join(sorted(map(str, value)))
    return _plain(str(value)) if name in {"qual", "with_check"} else str(value)


def _broken_rules(cursor: Cursor) -> list[str]:
    """Tables that api and worker enter by anything but the one rule."""
    cursor.execute(_RULES)
    tables: dict[str, list[bool]] = {}
    for row in cursor.fetchall():
        tables.setdefault(row["name"], []).append(_is_the_rule(row))
    return [
        f"The table {name} does not have the one policy that keeps tenants apart."
        for name, rules in tables.items()
        if rules != [True]
    ]


def _is_the_rule(row: Row) -> bool:
    rule = f"{row['tenant_column']}=nullifcurrent_setting'sightline.tenant',true,''"
    return row["policyname"] == "own_tenant" and {_plain(row["qual"]), _plain(row["with_check"])} == {rule}


def _plain(expression: str | None) -> str:
    """An expression without what servers of different versions write differently."""
    return re.sub(r"[\s()]|::\w+", "", expression or "").lower()
