-- One act of deciding, about one application or many at once: who and when, by which rule, and who confirmed it. It names
-- no person: when their records have ended, its count is what still explains.
create table decision_act (
  id         uuid primary key,
  round_id   uuid not null references round on delete cascade,
  verdict    text not null check (verdict in ('eligible', 'not this time', 'ineligible', 'withdrawn', 'undone')),
  reason     text not null,
  -- The shortlist rule that named the people, where one did.
  rule       text,
  count      integer not null check (count > 0),
  decided_by text not null,
  decided_at timestamptz not null,
  state      text not null check (state in ('waiting', 'stands', 'dropped')),
  ended_by   text,
  ended_at   timestamptz,
  -- Why nobody else could confirm it, where the one who proposed it did so alone.
  alone      text check (alone in ('nobody else here', 'others still read', 'cannot wait'))
);
create index decision_act_round on decision_act (round_id, decided_at);

-- A decision counts once its act stands. Those from before acts were kept stand as they are.
alter table decision add column act uuid references decision_act on delete cascade;
create index decision_by_act on decision (act);

-- A score is kept under each version of the criteria: reading again does not overwrite it.
alter table review_score drop constraint review_score_pkey;
alter table review_score add primary key (reading_id, question, version);

-- What a reader flagged, and who has looked at it since.
alter table review_reading
  add column flagged_question uuid,
  add column looked_at timestamptz,
  add column looked_by text;

grant select, insert, update, delete on decision_act to panel_app;

-- Whoever has answers still to read is blind; an application that was withdrawn is not read any more.
drop policy blind_while_reading on sealed_value;
create policy blind_while_reading on sealed_value as restrictive for select using (
  kind <> 'panel' or field = 'answers'
  or (select current_purpose()) in ('representativeness', 'store')
  or dossier_id not in (
    select a.dossier_id from application a where a.round_id in (
      select r.round_id from review_reading r join application own on own.dossier_id = r.dossier_id
      where r.reader = (select current_setting('panel.actor', true)) and r.state = 'assigned' and own.state = 'sent'
        and not exists (select from review_override o where o.round_id = r.round_id and o.reader = r.reader)
    )
  )
);
