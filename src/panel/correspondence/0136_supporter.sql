-- Someone whom a person names to support them: hears what they hear, or acts for them, until a day. Who it is, is sealed
-- in the person's own dossier and goes with it.
create table supporter (
  id         uuid primary key,
  dossier_id uuid not null unique references dossier on delete cascade,
  scope      text not null check (scope in ('told', 'acts')),
  authority  text not null check (authority in ('say-so', 'power-of-attorney', 'other')),
  named_at   timestamptz not null,
  ends_on    date not null,
  -- Nothing goes to a supporter, and nobody acts as one, before they have agreed from their own address.
  agreed_at  timestamptz
);
alter table supporter enable row level security;
alter table supporter force row level security;
create policy purpose_needed on supporter
  using ((select purpose_is_set()) and ((select sees_restricted()) or dossier_id in (select id from dossier)))
  with check ((select purpose_is_set()));
grant select, insert, update, delete on supporter to panel_app;
-- A letter to the supporter of the person: one person a letter, as ever.
alter table message add column for_supporter boolean not null default false;
-- Copies that wait when it ends are taken out.
grant delete on message to panel_app;
