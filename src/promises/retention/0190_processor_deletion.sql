-- That a processor was asked to delete what it had of a record that ended, and what it answered. `handles` are the
-- processor's own random ids, taken out once it has answered; `dossier_was` means nothing once the keys are gone.
create table processor_deletion (
  id          uuid primary key,
  processor   text not null,
  dossier_was uuid not null,
  handles     text[] not null,
  queued_at   timestamptz not null,
  asked_at    timestamptz,
  receipt     text,
  answered_at timestamptz,
  answered_by text,
  -- Until when the processor may still keep something all the same.
  tail_ends   date
);
create index processor_deletion_open on processor_deletion (processor, queued_at) where answered_at is null;
create index processor_deletion_dossier on processor_deletion (dossier_was);
grant select, insert, update on processor_deletion to panel_app;
