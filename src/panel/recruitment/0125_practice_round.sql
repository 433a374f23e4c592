-- Whose world a round is of: the real one, or somebody's practice, which holds up no real round.
alter table round drop constraint one_open_round;
alter table round drop column practice;
alter table round add column world text not null default current_world() check (world <> '*');
alter table round add constraint one_open_round exclude using gist (
  tstzrange(opens_at, greatest(opens_at, least(closes_at, closed_early_at))) with &&
) where (published_at is not null and world = '');

-- With a practice round goes whatever was exported of it.
alter table application_export drop constraint application_export_round_id_fkey;
alter table application_export add foreign key (round_id) references round on delete cascade;
