-- A request of others has an end and a day to answer by: given, refused with a ground, taken back, or found to be the person's own
-- request. What a second person sends back is mended and decided again; an extract can be made more than once, and each
-- opening of the person's record for it is told to them, or none.
alter table disclosure
  alter column subject drop not null,
  add column channel text not null default 'email' check (channel in ('email', 'phone', 'post')),
  add column answer_by date,
  add column lawful_basis text check (lawful_basis in ('task', 'obligation', 'vital')),
  add column refusal text check (refusal in ('no gateway', 'unproved', 'unneeded', 'disproportionate', 'unclear', 'not held')),
  add column sent_back_at timestamptz,
  add column closed_at timestamptz,
  add column outcome text check (outcome in ('given', 'refused', 'taken back', 'own request')),
  -- The rights case that it became.
  add column rights_case uuid,
  add column openings bigint[] not null default '{}';
alter table disclosure no force row level security;
update disclosure set answer_by = ((asked_at at time zone 'Europe/London') + interval '1 month')::date;
update disclosure set openings = array[opening] where opening is not null;
-- What came to its end under the rules of before: taken and looked at, or refused.
update disclosure set closed_at = handed_at, outcome = 'given' where handed_at is not null and second = 'agree';
update disclosure set closed_at = decided_at, outcome = 'refused' where decision = 'refuse';
-- What was sent back before anything was made had no way on: it is weighed again.
update disclosure set sent_back_at = second_at, decision = null, decided_at = null, decided_by = null, second = null,
  second_at = null, second_by = null, weighed_at = null, less_weighed = false
  where second = 'disagree' and released_at is null;
alter table disclosure force row level security;
alter table disclosure alter column answer_by set not null, drop column opening;
