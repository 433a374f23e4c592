-- Purposes and what each may open, written by `panel migrate` from the data map; row-level security reads them.
create table purpose (
  name            text primary key,
  sees_restricted boolean not null
);
create table purpose_field (
  purpose text not null references purpose on delete cascade,
  kind    text not null,
  field   text not null,
  primary key (purpose, kind, field)
);

create function current_purpose() returns text language sql stable
  as $$ select nullif(current_setting('panel.purpose', true), '') $$;
create function purpose_is_set() returns boolean language sql stable
  as $$ select exists (select from purpose where name = current_purpose()) $$;
create function sees_restricted() returns boolean language sql stable
  as $$ select coalesce((select sees_restricted from purpose where name = current_purpose()), false) $$;

-- Everything held about one person for one round (or one case, staff account, recording, received item).
-- The key store, apart from this database, decides whether it lives; see the ADR on dossiers.
create table dossier (
  id            uuid primary key,
  kind          text not null check (kind in ('panel', 'case', 'staff', 'recording', 'inbox')),
  born_at       timestamptz not null,
  expires_on    date not null,
  restricted_at timestamptz,
  held_at       timestamptz
);
create index dossier_expires_on on dossier (expires_on);
create index dossier_restricted on dossier (id) where restricted_at is not null;

-- One sealed value of one dossier. What it is and who may open it is in the data map; the key is in the key store,
-- so that destroying the key ends the value in every backup.
create table sealed_value (
  dossier_id uuid not null references dossier on delete cascade,
  kind       text not null,
  field      text not null,
  sealed     bytea not null,
  primary key (dossier_id, field)
);

-- Who opened what, so that each person can be told; goes with the dossier.
create table opening (
  id         bigint generated always as identity primary key,
  dossier_id uuid not null references dossier on delete cascade,
  at         timestamptz not null,
  actor      text not null,
  role       text not null,
  purpose    text not null,
  fields     text[] not null
);
create index opening_dossier on opening (dossier_id);

alter table dossier enable row level security;
alter table dossier force row level security;
create policy purpose_needed on dossier
  using (purpose_is_set() and (restricted_at is null or sees_restricted()))
  with check (purpose_is_set());

alter table sealed_value enable row level security;
alter table sealed_value force row level security;
create policy purpose_needed on sealed_value
  using (
    (kind, field) in (select pf.kind, pf.field from purpose_field pf where pf.purpose = current_purpose())
    and (sees_restricted() or dossier_id in (select id from dossier))
  )
  with check (purpose_is_set());

alter table opening enable row level security;
alter table opening force row level security;
create policy purpose_needed on opening
  using (purpose_is_set() and (sees_restricted() or dossier_id in (select id from dossier)))
  with check (purpose_is_set());

-- The policy document that special-category data rests on (DPA 2018 Sch 1 paras 5 and 39), and the DPO's choices:
-- the condition for adjustments, and the ground on which agreed adjustments go on if the document lapses.
create table policy_document (
  id                    bigint generated always as identity primary key,
  approved_at           timestamptz not null,
  approved_by           text not null,
  review_by             date not null,
  adjustments_condition text,
  lapse_ground          text,
  withdrawn_at          timestamptz
);

grant select on purpose, purpose_field to panel_app;
grant select, insert, update, delete on dossier, sealed_value to panel_app;
grant select, insert, delete on opening to panel_app;
grant select, insert, update on policy_document to panel_app;
