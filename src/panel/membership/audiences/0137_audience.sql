-- A saved filter of the members' list: what is asked for, never who fits, which is found anew each time.
create table audience (
  id        uuid primary key,
  name      text not null,
  regions   text[] not null,
  channels  text[] not null,
  terms     integer[] not null,
  interests text[] not null,
  made_at   timestamptz not null,
  made_by   text not null
);
create unique index audience_name on audience (lower(name));
grant select, insert, delete on audience to panel_app;
