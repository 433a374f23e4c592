-- The first shape of the review kept no versions, samples or sealed interests, and hid identities on pages alone.
-- Its tables never left a demonstration: they make room.
drop table review_decision, review_score, review_reading, review_reader, review_plan;

-- How the applications of a round are read: scale, readings, cap, deadline. Criteria are facts of the body.
create table review (
  round_id     uuid primary key references round on delete cascade,
  scale        text not null check (scale in ('three', 'five')),
  readings     integer not null check (readings between 1 and 5),
  cap          integer not null check (cap > 0),
  deadline     timestamptz not null,
  seed         text not null,
  calibrate    boolean not null default true,
  calibrating_at timestamptz,
  opened_at    timestamptz
);

create table review_criteria (
  round_id uuid not null references review on delete cascade,
  version  integer not null,
  criteria jsonb not null,
  made_at  timestamptz not null,
  made_by  text not null,
  because  text,
  primary key (round_id, version)
);

-- A reviewer of a round, under a number that files show in place of a name. Declared interests are sealed.
create table review_reader (
  round_id    uuid not null references review on delete cascade,
  reader      text not null,
  number      integer not null,
  declared_at timestamptz,
  left_at     timestamptz,
  primary key (round_id, reader),
  unique (round_id, number)
);

-- One reader's reading of one application. A pair is never made twice. The id is all that an address shows.
create table review_reading (
  id          uuid primary key,
  round_id    uuid not null references review on delete cascade,
  dossier_id  uuid not null references dossier on delete cascade,
  reader      text not null,
  state       text not null check (state in ('assigned', 'done', 'abstained', 'conflict', 'released')),
  assigned_at timestamptz not null,
  done_at     timestamptz,
  anonymous   boolean not null default true,
  flagged_at  timestamptz,
  unique (dossier_id, reader)
);
create index review_reading_reader on review_reading (reader, state);
create index review_reading_round on review_reading (round_id);

create table review_score (
  reading_id uuid not null references review_reading on delete cascade,
  dossier_id uuid not null references dossier on delete cascade,
  question   uuid not null,
  -- Null: the reader chose not to score this answer.
  value      integer check (value between 1 and 5),
  version    integer not null,
  at         timestamptz not null,
  primary key (reading_id, question)
);
create index review_score_dossier on review_score (dossier_id);

-- A reader who may not read an application: by declaration, or because they typed it in.
create table review_conflict (
  round_id   uuid not null references review on delete cascade,
  dossier_id uuid not null references dossier on delete cascade,
  reader     text not null,
  how        text not null check (how in ('declared', 'said', 'typed in')),
  at         timestamptz not null,
  primary key (dossier_id, reader)
);

create table review_override (
  round_id uuid not null references review on delete cascade,
  reader   text not null,
  at       timestamptz not null,
  because  text not null check (because in ('the person rang', 'urgent safety', 'nobody else here')),
  primary key (round_id, reader)
);

create table review_sample (
  round_id uuid not null references review on delete cascade,
  reader   text not null,
  sample   integer not null check (sample between 1 and 5),
  value    integer not null check (value between 1 and 5),
  primary key (round_id, reader, sample)
);

-- What was decided about an application. The last row counts; nothing is overwritten. Words are sealed.
create table decision (
  id         uuid primary key,
  seq        bigint generated always as identity,
  round_id   uuid not null references round on delete cascade,
  dossier_id uuid not null references dossier on delete cascade,
  verdict    text not null check (verdict in ('eligible', 'not this time', 'ineligible', 'withdrawn', 'undone')),
  reason     text not null,
  decided_by text not null,
  decided_at timestamptz not null,
  told_at    timestamptz
);
create index decision_dossier on decision (dossier_id, seq);
create index decision_round on decision (round_id);

do $$ declare t text; begin
  foreach t in array array['review_reading', 'review_score', 'review_conflict', 'decision'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy purpose_needed on %I
      using ((select purpose_is_set()) and ((select sees_restricted()) or dossier_id in (select id from dossier)))
      with check ((select purpose_is_set()))', t);
  end loop;
end $$;

grant select, insert, update, delete on review, review_criteria, review_reader, review_reading, review_score,
  review_conflict, review_override, review_sample, decision to panel_app;

-- Who has answers still to read in a round reads them without knowing whose they are: whatever page or program asks,
-- for that person nothing but answers is in the round's records, until they have read or have said why they look.
create policy blind_while_reading on sealed_value as restrictive for select using (
  kind <> 'panel' or field = 'answers'
  or (select current_purpose()) in ('representativeness', 'store')
  or dossier_id not in (
    select a.dossier_id from application a where a.round_id in (
      select r.round_id from review_reading r
      where r.reader = (select current_setting('panel.actor', true)) and r.state = 'assigned'
        and not exists (select from review_override o where o.round_id = r.round_id and o.reader = r.reader)
    )
  )
);
