-- An email that became a case: the same one, taken twice, leads to that case. Made with a secret of the key store, so that
-- nothing of the email can be told from it.
alter table rights_case add column mail_mark bytea unique;
