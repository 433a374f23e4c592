-- That a dossier ended: when, why, and what was told to whom. `dossier_was` means nothing once the keys are gone.
create table certificate (
  id          bigint generated always as identity primary key,
  dossier_was uuid not null unique,
  kind        text not null,
  reason      text not null,
  keys_at     timestamptz not null,
  rows_at     timestamptz not null,
  processors  text[] not null,
  sha256      bytea not null
);
grant select, insert on certificate to panel_app;

-- The only brake on a dossier's date: a named matter, who approved it, and when it is looked at again.
create table hold (
  id          bigint generated always as identity primary key,
  dossier_id  uuid not null references dossier on delete cascade,
  ground      text not null check (ground in ('legal matter', 'restriction', 'rights request')),
  placed_at   timestamptz not null,
  placed_by   text not null,
  review_on   date not null,
  lifted_at   timestamptz,
  lifted_by   text
);
create index hold_dossier on hold (dossier_id);
alter table hold enable row level security;
alter table hold force row level security;
create policy purpose_needed on hold
  using (purpose_is_set() and (sees_restricted() or dossier_id in (select id from dossier)))
  with check (purpose_is_set());
grant select, insert, update on hold to panel_app;

-- After a restore the sweep waits until a person has looked.
create table sweep_pause (
  id        bigint generated always as identity primary key,
  since     timestamptz not null,
  reason    text not null,
  lifted_at timestamptz,
  lifted_by text
);
grant select, insert, update on sweep_pause to panel_app;
