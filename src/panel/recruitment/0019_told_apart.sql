-- Two applications that looked like one person's and are not: an officer said so, and the pair is not shown again.
create table told_apart (
  dossier_id uuid not null references dossier on delete cascade,
  other_id   uuid not null references dossier on delete cascade,
  told_by    text not null,
  told_at    timestamptz not null,
  primary key (dossier_id, other_id),
  check (dossier_id < other_id)
);
create index told_apart_other on told_apart (other_id);
alter table told_apart enable row level security;
alter table told_apart force row level security;
create policy purpose_needed on told_apart
  using ((select purpose_is_set()) and ((select sees_restricted()) or dossier_id in (select id from dossier)))
  with check ((select purpose_is_set()));
grant select, insert on told_apart to panel_app;
