-- A group of people, named and frozen: groups are counted over these alone, never over a list that someone puts together.
create table population (
  id        uuid primary key,
  name      text not null,
  -- What it is of: a round.
  of        uuid not null,
  frozen_at timestamptz not null,
  frozen_by text not null,
  size      integer not null
);
create index population_of on population (of);

create table population_member (
  population_id uuid not null references population on delete cascade,
  dossier_id    uuid not null references dossier on delete cascade,
  primary key (population_id, dossier_id)
);
create index population_member_dossier on population_member (dossier_id);

-- A table that was shown: rounded counts, frozen. Another count of the same people by the same table shows this one again.
create table release (
  id            uuid primary key,
  population_id uuid not null references population,
  table_name    text not null,
  threshold     integer not null,
  cells         jsonb not null,
  released_at   timestamptz not null,
  released_by   text not null,
  unique (population_id, table_name)
);

alter table population_member enable row level security;
alter table population_member force row level security;
create policy purpose_needed on population_member
  using (purpose_is_set() and (sees_restricted() or dossier_id in (select id from dossier)))
  with check (purpose_is_set());

grant select, insert on population, population_member, release to panel_app;
grant delete on population_member to panel_app;
