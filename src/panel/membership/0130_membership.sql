-- A place offered to someone. A place (its seat) is offered to, or held by, one person at a time, whatever crashes.
create table offer (
  id          uuid primary key,
  round_id    uuid not null references round on delete cascade,
  dossier_id  uuid not null references dossier on delete cascade,
  seat        integer not null,
  state       text not null check (state in ('offered', 'accepted', 'declined', 'lapsed', 'ended')),
  offered_at  timestamptz not null,
  answer_by   date not null,
  reminded_at timestamptz,
  -- Tries to reach someone who does not answer, on two channels where there are two.
  tries       integer not null default 0,
  answered_at timestamptz,
  unique (round_id, dossier_id)
);
create unique index one_offer_a_seat on offer (round_id, seat) where state in ('offered', 'accepted');

-- Someone's term on the panel.
create table member (
  dossier_id   uuid primary key references dossier on delete cascade,
  round_id     uuid not null references round,
  seat         integer not null,
  term_number  integer not null check (term_number between 1 and 3),
  starts_on    date not null,
  ends_on      date not null,
  appointed_at timestamptz not null,
  paused_at    timestamptz,
  -- Leaving is put right within fourteen days; then it stands.
  left_on      date,
  left_because text check (left_because in ('resigned', 'removed', 'died', 'term ended')),
  left_by      text,
  confirmed_by text
);
create index member_round on member (round_id);

alter table offer enable row level security;
alter table offer force row level security;
create policy purpose_needed on offer
  using (purpose_is_set() and (sees_restricted() or dossier_id in (select id from dossier)))
  with check (purpose_is_set());
alter table member enable row level security;
alter table member force row level security;
create policy purpose_needed on member
  using (purpose_is_set() and (sees_restricted() or dossier_id in (select id from dossier)))
  with check (purpose_is_set());
grant select, insert, update on offer, member to panel_app;
