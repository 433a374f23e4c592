-- The role that the running service has: it owns nothing, so that row-level security binds it everywhere.
do $$
begin
  if not exists (select from pg_roles where rolname = 'panel_app') then
    create role panel_app login nosuperuser nobypassrls nocreatedb nocreaterole;
  end if;
end $$;
revoke create on schema public from public;
grant usage on schema public to panel_app;
grant select on migration to panel_app;
