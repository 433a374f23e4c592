-- A request, a complaint, or a wish to be rung: its dates and states. Who asked, what, and what was answered are sealed in
-- the case's own dossier, which outlives what it may have erased.
create table rights_case (
  dossier_id               uuid primary key references dossier on delete cascade,
  reference                text not null unique,
  matter                   text not null,
  channel                  text not null check (channel in ('web', 'email', 'phone', 'post')),
  received_at              timestamptz not null,
  entered_by               text,
  -- Whose record it is about; means nothing once that record is gone.
  subject                  uuid,
  acknowledged_at          timestamptz,
  identity_asked_on        date,
  identity_received_on     date,
  clarification_asked_on   date,
  clarification_answered_on date,
  extended_on              date,
  decision                 text check (decision in ('granted', 'part', 'refused')),
  decided_at               timestamptz,
  decided_by               text,
  carried_out_at           timestamptz,
  answered_at              timestamptz,
  closed_at                timestamptz
);
create index rights_case_open on rights_case (received_at) where closed_at is null;
create index rights_case_subject on rights_case (subject);
alter table rights_case enable row level security;
alter table rights_case force row level security;
create policy purpose_needed on rights_case
  using (purpose_is_set() and (sees_restricted() or dossier_id in (select id from dossier)))
  with check (purpose_is_set());
grant select, insert, update on rights_case to panel_app;
