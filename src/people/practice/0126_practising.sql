-- Which invented colleague the person of a session is just now, in their practice; none while they do real work.
alter table session add column practising_as uuid references dossier on delete set null;
