-- What an officer has planned for the selection of a round: size, quotas, the population they were proposed from.
create table selection_plan (
  round_id   uuid primary key references round on delete cascade,
  size       integer not null,
  reserves   integer not null,
  reference  text not null,
  quotas     jsonb not null,
  changed_at timestamptz not null,
  changed_by text not null
);

-- One run of the selection. Every run is kept; types and lottery hold groups, never a person.
create table selection_run (
  id            uuid primary key,
  round_id      uuid not null references round on delete cascade,
  state         text not null check (state in ('running', 'committed', 'drawn', 'accepted', 'set aside', 'infeasible', 'stopped', 'interrupted', 'failed')),
  started_at    timestamptz not null,
  started_by    text not null,
  -- Why it is run again, in words for the public.
  because       text,
  size          integer not null,
  reserves      integer not null,
  reference     text not null,
  quotas        jsonb not null,
  pool_size     integer not null,
  beat_at       timestamptz not null,
  cancel_asked  boolean not null default false,
  progress      jsonb not null default '{}',
  trouble       jsonb,
  types         jsonb,
  lottery       bytea,
  published     text,
  salt          text,
  pool_digest   text,
  commitment    text,
  draw          jsonb,
  drawn_at      timestamptz,
  decision      text check (decision in ('accept', 'set aside')),
  decided_at    timestamptz,
  decided_by    text,
  decided_because text,
  confirmed_at  timestamptz,
  confirmed_by  text
);
create index selection_run_round on selection_run (round_id, started_at);
create unique index one_accepted_run on selection_run (round_id) where state = 'accepted';

-- Who was in the pool of a run, with what chance, and what the draw gave them.
create table selection_place (
  run_id     uuid not null references selection_run on delete cascade,
  dossier_id uuid not null references dossier on delete cascade,
  type       integer not null,
  chance     double precision not null,
  ticket     text not null,
  outcome    text check (outcome in ('member', 'reserve')),
  position   integer,
  primary key (run_id, dossier_id)
);
create index selection_place_dossier on selection_place (dossier_id);
alter table selection_place enable row level security;
alter table selection_place force row level security;
create policy purpose_needed on selection_place
  using (purpose_is_set() and (sees_restricted() or dossier_id in (select id from dossier)))
  with check (purpose_is_set());

grant select, insert, update, delete on selection_plan, selection_run, selection_place to panel_app;
