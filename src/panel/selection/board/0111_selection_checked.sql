-- When the separate program checked what was drawn against the real pool; nothing is drawn without it.
alter table selection_run add column checked_at timestamptz;
