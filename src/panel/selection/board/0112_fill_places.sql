-- A draw for places that fell free, once no reserve is left: those who hold a place count towards its quotas and are not drawn.
alter table selection_run add column seated integer not null default 0;
drop index one_accepted_run;
create unique index one_accepted_run on selection_run (round_id) where state = 'accepted' and seated = 0;
alter table selection_place drop constraint selection_place_outcome_check;
alter table selection_place add check (outcome in ('member', 'reserve', 'seated'));
