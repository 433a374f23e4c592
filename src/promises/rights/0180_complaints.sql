-- When someone was last told how their complaint goes on (DPA 2018 s.164A(4) and (5)).
alter table rights_case add column told_at timestamptz;
