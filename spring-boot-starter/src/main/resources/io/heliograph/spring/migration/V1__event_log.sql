-- The event log's own tables. One text for SQLite and PostgreSQL: SQLite has no type "bytea", keeps the name, and
-- stores the bytes as the blob that they are. All times are epoch milliseconds. Versions 1 to 99 belong to the log.

-- One row per workspace: the ends of its log.
create table heliograph_log_head (
  workspace varchar(64) not null primary key,
  -- Identity of this life of the log, as cursors carry it.
  epoch     varchar(16) not null,
  -- Which rows of heliograph_log_event are this log; a reset log begins a new life, and the rows of older ones are swept.
  life      bigint      not null,
  -- Offset of the newest event, 0 before the first.
  head      bigint      not null,
  -- Offset of the oldest event still kept, head + 1 when none is.
  oldest    bigint      not null,
  -- Id of the newest event, kept when retention has removed the event itself; empty before the first.
  last_id   varchar(64) not null,
  -- Time of the newest event: no later one is given an earlier time.
  last_at   bigint      not null
);

create unique index heliograph_log_head_epoch on heliograph_log_head (epoch);

create table heliograph_log_event (
  workspace  varchar(64)  not null,
  life       bigint       not null,
  log_offset bigint       not null,
  at         bigint       not null,
  id         varchar(64)  not null,
  type       varchar(64)  not null,
  -- The one member who may see it; null for everyone in the workspace.
  member     varchar(128),
  topic      varchar(128),
  -- The envelope, exactly the bytes that readers get.
  payload    bytea        not null,
  primary key (workspace, life, log_offset)
);
