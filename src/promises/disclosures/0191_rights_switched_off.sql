-- The prejudice test is answered for each right of the person: which are switched off; null until it is answered.
alter table disclosure add column switched_off text[] check (switched_off <@ array['told', 'log']);
alter table disclosure no force row level security;
update disclosure set switched_off = case when keep_from_person then array['told', 'log'] else '{}'::text[] end
  where keep_from_person is not null;
alter table disclosure force row level security;
alter table disclosure drop column keep_from_person;
