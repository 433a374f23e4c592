-- What the desk was already told by mail, so that it is told once: a warning by its name.
create table staff_notice (
  what text primary key,
  at   timestamptz not null
);
grant select, insert on staff_notice to panel_app;
