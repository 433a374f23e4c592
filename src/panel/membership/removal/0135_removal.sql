-- A member is proposed for removal, with notice, and a second person confirms it or it is dropped. Why, is sealed.
create table removal (
  id           uuid primary key,
  dossier_id   uuid not null references dossier on delete cascade,
  proposed_at  timestamptz not null,
  proposed_by  text not null,
  -- The last day of the notice: nobody is removed before it is over.
  notice_until date not null,
  state        text not null check (state in ('proposed', 'confirmed', 'dropped')),
  ended_at     timestamptz,
  ended_by     text,
  check (state <> 'confirmed' or ended_by <> proposed_by)
);
create index removal_dossier on removal (dossier_id);
create unique index one_open_removal on removal (dossier_id) where state = 'proposed';
alter table removal enable row level security;
alter table removal force row level security;
create policy purpose_needed on removal
  using ((select purpose_is_set()) and ((select sees_restricted()) or dossier_id in (select id from dossier)))
  with check ((select purpose_is_set()));
grant select, insert, update on removal to panel_app;
