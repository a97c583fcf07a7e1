-- What the payloads of several events of one transaction have in common is stored once. last_offset is the offset of the
-- last of them; with that event the row is of no more use.
create table heliograph_log_shared (
  workspace   varchar(64) not null,
  life        bigint      not null,
  last_offset bigint      not null,
  payload     bytea       not null,
  primary key (workspace, life, last_offset)
);

-- The last_offset of what payload is to be read with; null when payload is the envelope itself.
alter table heliograph_log_event add column shared bigint;
