-- Ids that other services gave to events which they published, so that a repetition is found. A row counts for a day.
create table published_event (
  workspace  varchar(64)  not null,
  -- Whose id it is: the first of the API keys that replaced one another.
  publisher  varchar(64)  not null,
  event_id   varchar(200) not null,
  -- SHA-256 of what readers see of the event, in hexadecimal.
  digest     varchar(64)  not null,
  -- Where the event is: its id, and its offset and cursor when it was published.
  id         varchar(64)  not null,
  log_offset bigint       not null,
  log_cursor varchar(100) not null,
  created_at bigint       not null,
  primary key (workspace, publisher, event_id)
);

create index published_event_by_age on published_event (created_at);

-- What is in the events of a type that other services publish.
create table event_type (
  workspace   varchar(64)   not null,
  type        varchar(64)   not null,
  json_schema text          not null,
  -- Empty when there is none.
  description varchar(2000) not null,
  version     bigint        not null,
  updated_at  bigint        not null,
  primary key (workspace, type)
);
