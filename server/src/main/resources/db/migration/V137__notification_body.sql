-- What several members are told at once is stored once; each member's row has only what differs.
create table notification_body (
  workspace    varchar(64)  not null,
  id           varchar(64)  not null,
  kind         varchar(32)  not null,
  severity     varchar(16)  not null,
  title        varchar(300) not null,
  body         text,
  subject_type varchar(32)  not null,
  subject_id   varchar(64)  not null,
  url          varchar(500) not null,
  primary key (workspace, id)
);

insert into notification_body
  (workspace, id, kind, severity, title, body, subject_type, subject_id, url)
  select workspace, min(id), kind, severity, title, body, subject_type, subject_id, url from notification
  group by workspace, kind, severity, title, body, subject_type, subject_id, url;

create index notification_body_by_subject on notification_body (workspace, subject_type, subject_id);

create table member_notification (
  workspace   varchar(64) not null,
  member_id   varchar(64) not null,
  id          varchar(64) not null,
  body_id     varchar(64) not null,
  dedupe_key  varchar(200) not null,
  repeats     integer     not null,
  created_at  bigint      not null,
  seen_at     bigint,
  read_at     bigint,
  archived_at bigint,
  primary key (workspace, member_id, id)
);

insert into member_notification
  (workspace, member_id, id, body_id, dedupe_key, repeats, created_at, seen_at, read_at, archived_at)
  select n.workspace, n.member_id, n.id, b.id, n.dedupe_key, n.repeats, n.created_at, n.seen_at, n.read_at, n.archived_at
  from notification n join notification_body b on b.workspace = n.workspace and b.kind = n.kind and b.severity = n.severity and b.title = n.title and b.url = n.url
    and b.subject_type = n.subject_type and b.subject_id = n.subject_id
    and (b.body = n.body or (b.body is null and n.body is null));

drop table notification;

create index member_notification_by_body on member_notification (workspace, body_id);
create unique index member_notification_unread on member_notification (workspace, member_id, dedupe_key)
  where read_at is null;
create index member_notification_by_reading on member_notification (read_at) where read_at is not null;
