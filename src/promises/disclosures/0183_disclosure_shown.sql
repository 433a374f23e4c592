-- A request by another law than the three kinds named in the notice; and the opening that a release made, so that the person is
-- shown both or neither.
alter table disclosure drop constraint disclosure_type_check;
alter table disclosure add constraint disclosure_type_check
  check (type in ('law enforcement', 'legal', 'safeguarding', 'other'));
alter table disclosure add column opening bigint;
create index disclosure_subject on disclosure (subject);
