-- Wrong second factors end a session after a few: whoever guesses must first read another email.
alter table session add column second_factor_tries integer not null default 0;
