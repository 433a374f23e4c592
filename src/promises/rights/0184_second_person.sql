-- Who else than the one who decided it looked at an erasure before it was carried out.
alter table rights_case add column second_by text, add column second_at timestamptz;

-- That a recipient has to be told of a correction, an erasure or a restriction (UK GDPR Art 19), and what it answered. It goes
-- with the case; the reason why one need not be told is sealed there.
create table recipient_notice (
  id          uuid primary key,
  dossier_id  uuid not null references dossier on delete cascade,
  -- The name of a processor, or the reference of a request of others.
  recipient   text not null,
  made_at     timestamptz not null,
  told_at     timestamptz,
  told_by     text,
  answered_at timestamptz,
  waived_at   timestamptz,
  unique (dossier_id, recipient)
);
alter table recipient_notice enable row level security;
alter table recipient_notice force row level security;
create policy purpose_needed on recipient_notice
  using (purpose_is_set() and (sees_restricted() or dossier_id in (select id from dossier)))
  with check (purpose_is_set());
grant select, insert, update on recipient_notice to panel_app;
