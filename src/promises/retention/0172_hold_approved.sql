-- A hold for a legal matter names the matter by its reference, and a second person approves it; it stands meanwhile,
-- since what is deleted cannot be brought back. Other holds follow from a decision that a person has taken already.
alter table hold add column matter text check (matter ~ '^[A-Za-z0-9][A-Za-z0-9._:/-]{0,59}$');
alter table hold add column approved_by text;
alter table hold add column approved_at timestamptz;
alter table hold no force row level security;
update hold set approved_by = placed_by, approved_at = placed_at where ground <> 'legal matter';
alter table hold force row level security;
