-- A purpose that someone objected to with success (UK GDPR Art 21): their record is opened for it no more, in the vault and below
-- it. It goes with the record.
create table stopped_purpose (
  dossier_id uuid not null references dossier on delete cascade,
  purpose    text not null,
  stopped_at timestamptz not null,
  primary key (dossier_id, purpose)
);
create index stopped_purpose_by_purpose on stopped_purpose (purpose);
alter table stopped_purpose enable row level security;
alter table stopped_purpose force row level security;
create policy purpose_needed on stopped_purpose
  using ((select purpose_is_set()) and ((select sees_restricted()) or dossier_id in (select id from dossier)))
  with check ((select purpose_is_set()));
grant select, insert, delete on stopped_purpose to panel_app;

-- Who stopped the purpose of a transaction is looked up once a query, not once a row.
alter policy purpose_needed on sealed_value
  using (
    (kind, field) in (select pf.kind, pf.field from purpose_field pf where pf.purpose = (select current_purpose()))
    and ((select sees_restricted()) or dossier_id in (select id from dossier))
    and dossier_id not in (select s.dossier_id from stopped_purpose s where s.purpose = (select current_purpose()))
  )
  with check ((select purpose_is_set()));
