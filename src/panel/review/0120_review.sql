-- How the applications of a round are read: the scale, how many readings, by when, and what each question is read for.
create table review_plan (
  round_id   uuid primary key references round on delete cascade,
  scale      text not null check (scale in ('suitable', 'five')),
  readings   integer not null check (readings between 1 and 5),
  cap        integer,
  deadline   date not null,
  -- By question: what it is read for, and a sentence for every value of the scale.
  criteria   jsonb not null,
  version    integer not null default 1,
  begun_at   timestamptz,
  begun_by   text
);

-- Who reads, and what they said they should not read: landlords and council areas of people they may know.
create table review_reader (
  round_id    uuid not null references review_plan on delete cascade,
  staff_id    uuid not null references staff on delete cascade,
  declared_at timestamptz,
  landlords   text[] not null default '{}',
  areas       text[] not null default '{}',
  left_at     timestamptz,
  primary key (round_id, staff_id)
);

-- One reading of one application by one reader. Its id is random: it says nothing of the person, nor of the order.
create table review_reading (
  id          uuid primary key,
  round_id    uuid not null references review_plan on delete cascade,
  dossier_id  uuid not null references dossier on delete cascade,
  staff_id    uuid not null references staff on delete cascade,
  assigned_at timestamptz not null,
  state       text not null check (state in ('open', 'done', 'ended')),
  ended_because text,
  done_at     timestamptz,
  anonymous   boolean not null default true,
  flagged     boolean not null default false,
  unique (dossier_id, staff_id)
);
create index review_reading_reader on review_reading (staff_id, round_id, state);

-- A score of one answer; null is an abstention.
create table review_score (
  reading_id  uuid not null references review_reading on delete cascade,
  question_id uuid not null references question on delete cascade,
  score       integer,
  version     integer not null,
  scored_at   timestamptz not null,
  primary key (reading_id, question_id)
);

-- What was decided about an application; the newest row counts, and none is changed.
create table review_decision (
  id         bigint generated always as identity primary key,
  round_id   uuid not null references round on delete cascade,
  dossier_id uuid not null references dossier on delete cascade,
  verdict    text not null check (verdict in ('pool', 'not this time', 'ineligible', 'undecided')),
  reason     text not null,
  decided_at timestamptz not null,
  decided_by text not null,
  told_at    timestamptz
);
create index review_decision_dossier on review_decision (dossier_id, id);

alter table review_reading enable row level security;
alter table review_reading force row level security;
create policy purpose_needed on review_reading
  using (purpose_is_set() and (sees_restricted() or dossier_id in (select id from dossier)))
  with check (purpose_is_set());
alter table review_decision enable row level security;
alter table review_decision force row level security;
create policy purpose_needed on review_decision
  using (purpose_is_set() and (sees_restricted() or dossier_id in (select id from dossier)))
  with check (purpose_is_set());
grant select, insert, update, delete on review_plan, review_reader, review_reading, review_score to panel_app;
grant select, insert, update on review_decision to panel_app;
