-- Who works for the panel, as a person has judged: the contract, where the data may go and by what mechanism, the evidence and
-- when someone looks again. It says nothing of any resident. In live mode no host is used that no standing entry names.
create table processor_entry (
  id          uuid primary key,
  name        text not null unique,
  does        text not null,
  -- Which recipient of the data map it is, where it is one.
  recipient   text,
  hosts       text[] not null,
  place       text not null,
  mechanism   text not null,
  contract_on date not null,
  evidence_on date not null,
  review_on   date not null,
  kept_at     timestamptz not null,
  kept_by     text not null,
  ended_on    date
);
grant select, insert, update on processor_entry to panel_app;
