-- An export of applications: asked for with a purpose, approved by a second person where it holds contact details,
-- taken once. What it held is in the ledger as a count and a hash.
create table application_export (
  id         uuid primary key,
  round_id   uuid not null references round,
  purpose    text not null,
  contact    boolean not null,
  asked_by   text not null,
  asked_at   timestamptz not null,
  decision   text check (decision in ('approved', 'refused')),
  decided_by text check (decided_by <> asked_by),
  decided_at timestamptz,
  taken_at   timestamptz,
  check (taken_at is null or not contact or decision = 'approved')
);
grant select, insert, update on application_export to panel_app;
