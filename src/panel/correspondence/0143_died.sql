-- When someone was said to have died: nothing is written to them from then on. What is held of them is deleted on its date.
alter table application add column died_at timestamptz;
create index application_died on application (dossier_id) where died_at is not null;
