-- A request of someone else for a person's data: each step with its date. Who asked, why, and what was given are sealed in the
-- case's own dossier.
create table disclosure (
  dossier_id      uuid primary key references dossier on delete cascade,
  reference       text not null unique,
  type            text not null check (type in ('law enforcement', 'legal', 'safeguarding')),
  asked_at        timestamptz not null,
  entered_by      text not null,
  subject         uuid not null,
  asked_fields    text[] not null,
  is_emergency    boolean not null default false,
  gateway         text,
  approved_fields text[] not null default '{}',
  -- "Could less be given?" was asked and answered.
  less_weighed    boolean not null default false,
  -- Whether telling the person would be likely to prejudice what it is asked for.
  keep_from_person boolean,
  weighed_at      timestamptz,
  decision        text check (decision in ('release', 'refuse')),
  decided_at      timestamptz,
  decided_by      text,
  second          text check (second in ('agree', 'disagree')),
  second_at       timestamptz,
  second_by       text,
  released_at     timestamptz,
  released_sha256 bytea,
  token_hash      bytea,
  code_hash       bytea,
  tries           integer not null default 0,
  open_until      timestamptz,
  handed_at       timestamptz
);
alter table disclosure enable row level security;
alter table disclosure force row level security;
create policy purpose_needed on disclosure
  using (purpose_is_set() and (sees_restricted() or dossier_id in (select id from dossier)))
  with check (purpose_is_set());
grant select, insert, update on disclosure to panel_app;
