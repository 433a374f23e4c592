-- A member may answer the equality question anew, or leave it.
alter table own_check drop constraint own_check_matter_check;
alter table own_check add check (matter in ('adjustments', 'preferences', 'equality'));
