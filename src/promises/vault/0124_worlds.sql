-- A member of staff can practise with invented people, in a world of their own. Each transaction says whose world it
-- happens in (panel.world: empty for the real panel, a staff id for a practice, * for erasing and backups); policies that
-- `panel migrate` hangs on every table of people and rounds (one_world) show that world and no other.
create function current_world() returns text language sql stable
  as $$ select coalesce(current_setting('panel.world', true), '') $$;

-- A practice, by the staff account of whoever practises. It stands until the last of it is wiped.
create table practice (
  world      text primary key,
  started_at timestamptz not null,
  ends_on    date not null,
  ended_at   timestamptz
);

-- Which dossiers are of invented people, and of whose practice. A row goes with its dossier alone; no dossier is born
-- into a practice that does not stand.
create table practice_dossier (
  id    uuid primary key references dossier on delete cascade deferrable initially deferred,
  world text not null references practice
);
create index practice_dossier_world on practice_dossier (world);

-- Whoever is begun in a practice is invented, whatever program began them.
create function born_in_practice() returns trigger language plpgsql as $$
begin
  if current_world() not in ('', '*') then
    insert into practice_dossier (id, world) values (new.id, current_world());
  end if;
  return new;
end $$;
create trigger born_in_practice before insert on dossier for each row execute function born_in_practice();

-- What belongs to no one's world (the landlord list, settings, notices) is not changed by practising.
create function real_alone() returns trigger language plpgsql as $$
begin
  if current_world() not in ('', '*') then
    raise exception 'not in practice' using errcode = 'PK001';
  end if;
  return null;
end $$;

grant select, insert, update, delete on practice to panel_app;
grant select, insert on practice_dossier to panel_app;
