-- What was done, by whom, for what purpose: written in the transaction it records, never changed, without personal
-- values. `subject` is a dossier's id, which means nothing once the dossier is gone.
create table ledger_entry (
  id      bigint generated always as identity primary key,
  txid    xid8 not null default pg_current_xact_id(),
  at      timestamptz not null,
  actor   text not null,
  role    text not null,
  purpose text not null,
  act     text not null,
  subject uuid,
  count   integer not null default 1,
  detail  jsonb not null default '{}'
);
create index ledger_entry_txid on ledger_entry (txid, id);
create index ledger_entry_subject on ledger_entry (subject) where subject is not null;

-- The leaves of the RFC 6962 tree, in commit order.
create table ledger_leaf (
  index bigint primary key,
  entry bigint not null unique references ledger_entry,
  hash  bytea not null
);
-- Signed heads of the tree.
create table ledger_head (
  size      bigint primary key,
  root      bytea not null,
  at        timestamptz not null,
  signature bytea not null,
  state     bytea not null
);

grant select, insert on ledger_entry, ledger_leaf, ledger_head to panel_app;
