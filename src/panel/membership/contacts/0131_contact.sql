-- A contact with someone, and what is to be done next. When, how and what about is sealed in the person's record.
create table contact_entry (
  id         uuid primary key,
  dossier_id uuid not null references dossier on delete cascade,
  made_at    timestamptz not null,
  made_by    text not null,
  -- By when something is to be done next, and by whom; by the team where nobody is named.
  due_on     date,
  owner      text,
  done_at    timestamptz
);
create index contact_entry_dossier on contact_entry (dossier_id);
create index contact_entry_due on contact_entry (due_on) where due_on is not null and done_at is null;
alter table contact_entry enable row level security;
alter table contact_entry force row level security;
create policy purpose_needed on contact_entry
  using ((select purpose_is_set()) and ((select sees_restricted()) or dossier_id in (select id from dossier)))
  with check ((select purpose_is_set()));
grant select, insert, update on contact_entry to panel_app;
