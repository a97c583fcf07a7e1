-- Filters of a screen that members keep under a name. name_key is the name without regard to case.
create table saved_view (
  workspace  varchar(64)  not null,
  id         varchar(64)  not null,
  owner      varchar(64)  not null,
  name       varchar(60)  not null,
  name_key   varchar(200) not null,
  screen     varchar(16)  not null,
  query      text         not null,
  shared     smallint     not null,
  created_at bigint       not null,
  version    bigint       not null,
  primary key (workspace, id)
);
create unique index saved_view_by_name on saved_view (workspace, owner, name_key);
create index saved_view_shared on saved_view (workspace, id) where shared = 1;
