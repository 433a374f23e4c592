-- For each page of the form, the random name of the browser window that saved it last: an older window then asks before
-- it puts another answer in its place. It says nothing of the answer.
alter table application add column windows jsonb not null default '{}';
