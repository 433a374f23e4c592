-- A version of the privacy notice: drafted, approved with a date, in force from its activation, readable for ever.
create table notice_version (
  version      integer generated always as identity primary key,
  sections     jsonb not null,
  drafted_at   timestamptz not null,
  approved_at  timestamptz,
  approved_by  text,
  effective_on date,
  activated_at timestamptz,
  sha256       text
);
-- That a living person was told of a version before it took effect, or was given it when they began.
create table notice_told (
  dossier_id uuid not null references dossier on delete cascade,
  version    integer not null references notice_version,
  how        text not null,
  at         timestamptz not null,
  primary key (dossier_id, version)
);
alter table notice_told enable row level security;
alter table notice_told force row level security;
create policy purpose_needed on notice_told
  using (purpose_is_set() and (sees_restricted() or dossier_id in (select id from dossier)))
  with check (purpose_is_set());
grant select, insert, update on notice_version to panel_app;
grant select, insert on notice_told to panel_app;
