-- The answers to POSTs with an Idempotency-Key, written by the transaction that made the change.
create table idempotency (
  workspace       varchar(64)  not null,
  caller          varchar(64)  not null,
  idempotency_key varchar(255) not null,
  request_hash    varchar(64)  not null,
  status          integer      not null,
  headers         text         not null,
  body            text         not null,
  created_at      bigint       not null,
  primary key (workspace, caller, idempotency_key)
);
create index idempotency_by_age on idempotency (workspace, created_at);
