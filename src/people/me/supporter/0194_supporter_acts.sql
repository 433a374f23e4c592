-- A supporter who may act signs in by a code of their own, into a session of their own. Both go with the supporter, and
-- their code opens nothing else: whoever reads it cannot sign in as the person.
alter table session add column supporter_id uuid references supporter on delete cascade;
create index session_supporter on session (supporter_id);
alter table sign_in add column supporter_id uuid references supporter on delete cascade;
create index sign_in_supporter on sign_in (supporter_id);
