-- What a member has told us or looked over on their own page, and when; what they said is sealed in the dossier.
create table own_check (
  dossier_id uuid not null references dossier on delete cascade,
  matter     text not null check (matter in ('adjustments', 'preferences')),
  at         timestamptz not null,
  primary key (dossier_id, matter)
);
alter table own_check enable row level security;
alter table own_check force row level security;
create policy purpose_needed on own_check
  using ((select purpose_is_set()) and ((select sees_restricted()) or dossier_id in (select id from dossier)))
  with check ((select purpose_is_set()));
grant select, insert, update, delete on own_check to panel_app;
