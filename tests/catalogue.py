"""Everything that PostgreSQL knows of a database's schema, in a form that can be compared."""

from __future__ import annotations

from contextlib import closing

import psycopg2

Catalogue = dict[str, list[tuple[object, ...]]]

# Whoever owns the tables stands as 'owner', as two servers may have different ones.
_ROLE = (
    "case {0} when 0 then 'public' when (select datdba from pg_database where datname = current_database())"
    " then 'owner' else {0}::regrole::text end"
)
_OURS = "n.nspname = 'public'"


def _grants(acl: str, kind: str) -> str:
    """What an access list, or the default one of its kind of object, grants to whom."""
    by_default = f"acldefault('{kind}', owner)"
    return f"""
        select name, {_ROLE.format("g.grantee")}, g.privilege_type, g.is_grantable
        from ({acl}) of_object (name, owner, acl) cross join aclexplode(coalesce(acl, {by_default})) g
    """


QUERIES = {
    "relations": f"""
        select c.relname, c.relkind, c.relpersistence, c.relrowsecurity, c.relforcerowsecurity, c.reloptions,
               {_ROLE.format("c.relowner")}
        from pg_class c join pg_namespace n on n.oid = c.relnamespace where {_OURS}
    """,
    "columns": f"""
        select c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity,
               a.attgenerated, a.attnum, coll.collname, pg_get_expr(d.adbin, d.adrelid), a.attstorage
        from pg_attribute a
        join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
        left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
        left join pg_collation coll on coll.oid = a.attcollation
        where {_OURS} and a.attnum > 0 and not a.attisdropped and c.relkind in ('r', 'p', 'v')
    """,
    "constraints": f"""
        select k.conrelid::regclass::text, k.conname, pg_get_constraintdef(k.oid), k.convalidated
        from pg_constraint k join pg_namespace n on n.oid = k.connamespace where {_OURS}
    """,
    "indexes": f"""
        select i.indrelid::regclass::text, c.relname, pg_get_indexdef(i.indexrelid), i.indisvalid
        from pg_index i join pg_class c on c.oid = i.indexrelid join pg_namespace n on n.oid = c.relnamespace
        where {_OURS}
    """,
    "policies": """
        select p.polrelid::regclass::text, p.polname, p.polcmd, p.polpermissive,
               array(select r::regrole::text from unnest(p.polroles) r order by 1),
               pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid)
        from pg_policy p
    """,
    "functions": f"""
        select p.oid::regprocedure::text, {_ROLE.format("p.proowner")}, p.prosecdef, p.proconfig,
               pg_get_functiondef(p.oid)
        from pg_proc p join pg_namespace n on n.oid = p.pronamespace where {_OURS}
    """,
    "triggers": """
        select pg_get_triggerdef(t.oid), t.tgenabled from pg_trigger t where not t.tgisinternal
    """,
    "types": f"""
        select t.typname, t.typtype, {_ROLE.format("t.typowner")}
        from pg_type t join pg_namespace n on n.oid = t.typnamespace where {_OURS}
    """,
    "schema grants": _grants(
        "select nspname, nspowner, nspacl from pg_namespace where nspname = 'public'", "n"
    ),
    "table grants": _grants(
        "select relname, relowner, relacl from pg_class c join pg_namespace n on n.oid = c.relnamespace"
        f" where {_OURS} and relkind in ('r', 'p', 'v', 'm', 'S')",
        "r",
    ),
    "column grants": """
        select c.relname, a.attname, g.grantee::regrole::text, g.privilege_type, g.is_grantable
        from pg_attribute a join pg_class c on c.oid = a.attrelid cross join aclexplode(a.attacl) g
        where c.relnamespace = 'public'::regnamespace
    """,
    "function grants": _grants(
        "select p.oid::regprocedure::text, proowner, proacl from pg_proc p"
        f" join pg_namespace n on n.oid = p.pronamespace where {_OURS}",
        "f",
    ),
    "default grants": f"""
        select {_ROLE.format("d.defaclrole")}, d.defaclnamespace::regnamespace::text, d.defaclobjtype,
               {_ROLE.format("g.grantee")}, g.privilege_type
        from pg_default_acl d cross join aclexplode(d.defaclacl) g
    """,
    "extensions": "select extname from pg_extension",
    "memberships": """
        select m.roleid::regrole::text, m.inherit_option, m.set_option
        from pg_auth_members m where m.member::regrole::text like 'sightline\\_%'
          and m.member <> (select datdba from pg_database where datname = current_database())
    """,
}


def catalogue(url: str) -> Catalogue:
    """What each query finds, in order, for an owner's address of a database."""
    with closing(psycopg2.connect(url)) as connection, connection, connection.cursor() as cursor:
        found: Catalogue = {}
        for name, query in QUERIES.items():
            cursor.execute(query)
            found[name] = sorted(cursor.fetchall(), key=repr)
        return found
