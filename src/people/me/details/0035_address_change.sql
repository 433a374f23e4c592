-- Someone changes their e-mail address. Both addresses are sealed in the dossier; this row says how far it has come, and
-- goes after 72 hours, when the old address can no longer take it back.
create table address_change (
  id           uuid primary key,
  dossier_id   uuid not null references dossier on delete cascade,
  asked_at     timestamptz not null,
  confirmed_at timestamptz,
  undone_at    timestamptz,
  tries        integer not null default 0
);
create index address_change_dossier on address_change (dossier_id, asked_at);
alter table address_change enable row level security;
alter table address_change force row level security;
create policy purpose_needed on address_change
  using ((select purpose_is_set()) and ((select sees_restricted()) or dossier_id in (select id from dossier)))
  with check ((select purpose_is_set()));
grant select, insert, update, delete on address_change to panel_app;
