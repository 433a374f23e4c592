-- A copy that someone looked through and that waits to be taken: by a link sent one way and a code told another, both once.
-- The copy itself is a file in the folder of the person whose data it is, sealed under their own key, so that it ends with
-- their record; it goes when the link has run out. What was left out of it and why is sealed in the case.
create table copy_given (
  dossier_id uuid primary key references dossier on delete cascade,
  made_at    timestamptz not null,
  made_by    text not null,
  sha256     bytea not null,
  token_hash bytea unique,
  code_hash  bytea,
  tries      integer not null default 0,
  open_until timestamptz,
  handed_at  timestamptz
);
alter table copy_given enable row level security;
alter table copy_given force row level security;
create policy purpose_needed on copy_given
  using (purpose_is_set() and (sees_restricted() or dossier_id in (select id from dossier)))
  with check (purpose_is_set());
grant select, insert, update on copy_given to panel_app;
