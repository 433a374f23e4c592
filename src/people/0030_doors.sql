-- A signed-in browser: only the hash of its token is kept.
create table session (
  id               uuid primary key,
  token_hash       bytea not null unique,
  kind             text not null check (kind in ('resident', 'staff')),
  started_at       timestamptz not null,
  used_at          timestamptz not null,
  -- Staff: null until the second factor has been given.
  second_factor_at timestamptz
);
-- The dossiers that a session may act for; it ends with the last of them.
create table session_dossier (
  session_id uuid not null references session on delete cascade,
  dossier_id uuid not null references dossier on delete cascade,
  in_hand    boolean not null default false,
  primary key (session_id, dossier_id)
);
-- A code sent to sign in. The code itself is nowhere: it is made from this id and a secret of the key store.
create table sign_in (
  id         uuid primary key,
  dossier_id uuid not null references dossier on delete cascade,
  asked_at   timestamptz not null,
  used_at    timestamptz,
  tries      integer not null default 0
);
create index sign_in_dossier on sign_in (dossier_id, asked_at);

-- A staff account. Who it is, is sealed; what it may do is not personal.
create table staff (
  dossier_id    uuid primary key references dossier on delete cascade,
  roles         text[] not null,
  invited_at    timestamptz not null,
  invited_by    text not null,
  activated_at  timestamptz,
  disabled_at   timestamptz,
  second_factor boolean not null default false,
  demo          boolean not null default false
);
do $$
declare name text;
begin
  foreach name in array array['session_dossier', 'sign_in', 'staff'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format($p$create policy purpose_needed on %I
      using (purpose_is_set() and (sees_restricted() or dossier_id in (select id from dossier)))
      with check (purpose_is_set())$p$, name);
  end loop;
end $$;
grant select, insert, update, delete on session, session_dossier, sign_in, staff to panel_app;
