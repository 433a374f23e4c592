-- A recruitment period. What state it is in follows from its instants; see round.ts.
create table round (
  id             uuid primary key,
  name           text not null,
  opens_at       timestamptz not null,
  closes_at      timestamptz not null,
  term_starts_on date not null,
  target_size    integer not null,
  reserve_size   integer not null,
  -- The eligibility rules that are on, and the officer's own words for them; checked by round.ts.
  rules          jsonb not null default '{}',
  words          jsonb not null default '{}',
  created_at     timestamptz not null,
  published_at   timestamptz,
  closed_early_at timestamptz,
  closed_early_because text,
  practice       boolean not null default false
);

-- What a round asks about skills and experience. A special category is never asked here.
create table question (
  id        uuid primary key,
  round_id  uuid not null references round on delete cascade,
  position  integer not null,
  title     text not null,
  hint      text not null default '',
  most_characters integer not null,
  unique (round_id, position)
);

-- Landlords that are members of the Scheme: organisations, not people.
create table landlord (
  id         uuid primary key,
  name       text not null unique,
  listed_at  timestamptz not null
);

-- One application in one round. Everything a person said is sealed; these are states, instants and codes.
create table application (
  dossier_id        uuid primary key references dossier on delete cascade,
  round_id          uuid not null references round,
  reference         text not null unique,
  state             text not null check (state in ('draft', 'sent', 'withdrawn')),
  started_at        timestamptz not null,
  sent_at           timestamptz,
  changed_at        timestamptz not null,
  withdrawn_at      timestamptz,
  received_via      text not null check (received_via in ('web', 'phone', 'post', 'import')),
  received_on       date,
  entered_by        text,
  notice_version    text not null,
  notice_given_how  text not null,
  notice_given_at   timestamptz not null,
  pages_done        text[] not null default '{}',
  landlord_unlisted boolean not null default false,
  marked_special    boolean not null default false,
  email_confirmed_at timestamptz,
  reminded_at       timestamptz
);
create index application_round on application (round_id, state);

alter table application enable row level security;
alter table application force row level security;
create policy purpose_needed on application
  using (purpose_is_set() and (sees_restricted() or dossier_id in (select id from dossier)))
  with check (purpose_is_set());

grant select, insert, update, delete on round, question, landlord, application to panel_app;
