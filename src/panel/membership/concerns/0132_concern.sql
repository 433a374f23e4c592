-- Someone is worried about a person. What they saw, and what was done, is sealed in the person's record.
create table concern (
  id         uuid primary key,
  dossier_id uuid not null references dossier on delete cascade,
  raised_at  timestamptz not null,
  raised_by  text not null,
  due_at     timestamptz not null,
  closed_at  timestamptz,
  closed_by  text,
  outcome    text check (outcome in ('reached', 'given numbers', 'passed on', 'no need')),
  check ((closed_at is null) = (outcome is null))
);
create index concern_dossier on concern (dossier_id);
create index concern_open on concern (due_at) where closed_at is null;
alter table concern enable row level security;
alter table concern force row level security;
create policy purpose_needed on concern
  using ((select purpose_is_set()) and ((select sees_restricted()) or dossier_id in (select id from dossier)))
  with check ((select purpose_is_set()));

-- Which officer is told. One row at most: without it, the officer who has been here longest.
create table concern_lead (
  single   boolean primary key default true check (single),
  lead     text not null,
  named_at timestamptz not null,
  named_by text not null
);
grant select, insert, update on concern to panel_app;
grant select, insert, update, delete on concern_lead to panel_app;
