-- Names the form that an officer typed an application on: sent twice, it is entered once.
alter table application add column entered_once uuid unique;
