-- Sample answers that an officer wrote for a round, in place of the usual ones; an empty list: the usual ones. All are invented.
alter table review add column samples jsonb not null default '[]';
