-- Words that staff wrote for a letter of the catalogue, version by version; what the standard words say stands in the
-- program. They go to everyone, so no word of them is about one person. The version used last is in force; one without
-- words goes back to the standard.
create table letter_words (
  letter     text not null,
  number     integer not null,
  subject    text,
  body       text,
  written_by text not null,
  written_at timestamptz not null,
  used_by    text,
  used_at    timestamptz,
  primary key (letter, number),
  check ((subject is null) = (body is null)),
  check ((used_by is null) = (used_at is null)),
  check (body is not null or used_at is not null)
);
create index letter_words_used on letter_words (letter, used_at) where used_at is not null;
grant select, insert, update (used_by, used_at) on letter_words to panel_app;
-- Which words a message was sent with: 'standard 2', or 'own 3'.
alter table message add column worded text;
