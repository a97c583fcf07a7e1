-- Who there is: workspaces, their members and API keys, and what proves who somebody is. Times are epoch milliseconds.
create table workspace (
  workspace  varchar(64)  not null primary key,
  slug       varchar(64)  not null,
  name       varchar(200) not null,
  created_at bigint       not null
);
create unique index workspace_by_slug on workspace (slug);

create table member (
  workspace  varchar(64)  not null,
  id         varchar(64)  not null,
  handle     varchar(200),            -- null once removed, so that it can be given again
  name       varchar(200) not null,
  role       varchar(16)  not null,
  created_at bigint       not null,
  removed_at bigint,
  primary key (workspace, id)
);
create unique index member_by_handle on member (workspace, handle);

create table api_key (
  workspace   varchar(64)  not null,
  id          varchar(64)  not null,
  name        varchar(200) not null,
  secret_hash varchar(64)  not null,
  scopes      varchar(200) not null,
  owner       varchar(64),
  created_at  bigint       not null,
  expires_at  bigint,
  revoked_at  bigint,
  primary key (workspace, id)
);
create index api_key_by_id on api_key (id);

create table sign_in_code (
  workspace  varchar(64) not null,
  code_hash  varchar(64) not null,
  member     varchar(64) not null,
  expires_at bigint      not null,
  used_at    bigint,
  primary key (workspace, code_hash)
);
create index sign_in_code_by_hash on sign_in_code (code_hash);

create table session (
  workspace   varchar(64) not null,
  id          varchar(64) not null,
  secret_hash varchar(64) not null,
  member      varchar(64) not null,
  created_at  bigint      not null,
  expires_at  bigint      not null,
  ended_at    bigint,
  primary key (workspace, id)
);
create index session_by_id on session (id);

-- What ended before its time. Every node reads what is new here, so that open sockets learn of it.
create table revocation (
  workspace varchar(64) not null,
  id        varchar(64) not null,
  kind      varchar(16) not null,
  subject   varchar(64) not null,
  detail    varchar(64) not null,
  at        bigint      not null,
  primary key (workspace, id)
);
create index revocation_by_subject on revocation (workspace, kind, subject);
create index revocation_by_time on revocation (at);
