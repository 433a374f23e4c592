-- When a member was written to about the end of their term.
alter table member add column end_told_at timestamptz;
