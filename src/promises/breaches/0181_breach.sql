-- A personal data breach (UK GDPR Art 33(5)): its instants, counts and decisions. What happened, what may come of it and what
-- was done are sealed in a dossier of kind case.
create table breach (
  dossier_id       uuid primary key references dossier on delete cascade,
  reference        text not null unique,
  entered_by       text not null,
  -- Since when we know of it: the 72 hours count from here.
  known_at         timestamptz not null,
  categories       text[] not null,
  people           integer not null check (people >= 0),
  records          integer not null check (records >= 0),
  -- Whether the regulator is told: null until it is decided.
  reported         boolean,
  reported_at      timestamptz,
  report_decided_at timestamptz,
  report_decided_by text,
  -- Whether the people concerned are told (Art 34): null until it is decided.
  people_told      boolean,
  people_told_at   timestamptz,
  people_decided_by text,
  closed_at        timestamptz
);
create index breach_open on breach (known_at) where closed_at is null;
alter table breach enable row level security;
alter table breach force row level security;
create policy purpose_needed on breach
  using (purpose_is_set() and (sees_restricted() or dossier_id in (select id from dossier)))
  with check (purpose_is_set());
grant select, insert, update on breach to panel_app;
