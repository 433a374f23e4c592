-- What a policy document said when it was approved, part by part: later versions of the program say it otherwise, and
-- the document is kept as it was (DPA 2018 Sch 1 para 40).
alter table policy_document add column said jsonb;
