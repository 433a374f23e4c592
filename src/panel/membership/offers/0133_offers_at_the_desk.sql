-- Offers that are to go out together: picked by hand they wait for a second person, and all wait ten minutes with a Stop.
create table offer_batch (
  id           uuid primary key,
  round_id     uuid not null references round on delete cascade,
  how          text not null check (how in ('draw', 'hand')),
  state        text not null check (state in ('proposed', 'waiting', 'sent', 'stopped', 'stuck')),
  asked_by     text not null,
  asked_at     timestamptz not null,
  confirmed_by text,
  goes_at      timestamptz,
  ended_by     text,
  ended_at     timestamptz
);
-- One at a time in a round, so that no two officers offer the same places.
create unique index one_batch_a_round on offer_batch (round_id) where state in ('proposed', 'waiting');
create table offer_batch_person (
  batch_id   uuid not null references offer_batch on delete cascade,
  dossier_id uuid not null references dossier on delete cascade,
  position   integer not null,
  primary key (batch_id, dossier_id)
);
-- A try to reach someone who does not answer: when, how and by whom, instead of a mere count.
create table offer_try (
  id         uuid primary key,
  offer_id   uuid not null references offer on delete cascade,
  dossier_id uuid not null references dossier on delete cascade,
  way        text not null check (way in ('phone', 'email', 'post')),
  tried_at   timestamptz not null,
  tried_by   text not null
);
create index offer_try_offer on offer_try (offer_id);
alter table offer drop column tries;
-- What the person agreed to, and how the answer came: who has no computer answers by phone or post.
alter table offer add column charter_version integer;
alter table offer add column answered_via text check (answered_via in ('web', 'phone', 'post'));

alter table offer_batch_person enable row level security;
alter table offer_batch_person force row level security;
create policy purpose_needed on offer_batch_person
  using (purpose_is_set() and (sees_restricted() or dossier_id in (select id from dossier)))
  with check (purpose_is_set());
alter table offer_try enable row level security;
alter table offer_try force row level security;
create policy purpose_needed on offer_try
  using (purpose_is_set() and (sees_restricted() or dossier_id in (select id from dossier)))
  with check (purpose_is_set());
grant select, insert, update on offer_batch, offer_batch_person, offer_try to panel_app;
