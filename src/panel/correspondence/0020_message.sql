-- One message to one person. Its words are made when it is sent, from a template and the sealed dossier; the row and
-- its job hold ids and codes alone. `id` is the Message-ID too, so that a message sent again after a crash is the same.
create table message (
  id         uuid primary key,
  dossier_id uuid not null references dossier on delete cascade,
  template   text not null,
  detail     jsonb not null default '{}',
  channel    text not null check (channel in ('email', 'letter', 'call')),
  state      text not null check (state in ('waiting', 'sent', 'stuck')),
  queued_at  timestamptz not null,
  sent_at    timestamptz,
  attempts   integer not null default 0,
  error      text
);
create index message_waiting on message (state, channel) where state <> 'sent';
create index message_dossier on message (dossier_id);
alter table message enable row level security;
alter table message force row level security;
create policy purpose_needed on message
  using (purpose_is_set() and (sees_restricted() or dossier_id in (select id from dossier)))
  with check (purpose_is_set());
grant select, insert, update on message to panel_app;
