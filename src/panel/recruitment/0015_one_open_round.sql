-- A round lasts from its opening to its closing, and two published rounds never overlap: one round is open at a time.
alter table round add constraint round_closes_after_opening check (closes_at > opens_at);
alter table round add constraint one_open_round exclude using gist (
  tstzrange(opens_at, greatest(opens_at, least(closes_at, closed_early_at))) with &&
) where (published_at is not null and not practice);
create index application_sent on application (round_id, sent_at);
