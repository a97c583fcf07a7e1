create table notification (
    workspace varchar(64)  not null,
    id           varchar(64)  not null,
    member_id    varchar(64)  not null,
    kind         varchar(32)  not null,
    severity     varchar(16)  not null,
    title        varchar(300) not null,
    body         text,
    subject_type varchar(32)  not null,
    subject_id   varchar(64)  not null,
    url          varchar(500) not null,
    repeats      integer      not null,
    dedupe_key   varchar(200) not null,
    created_at   bigint       not null,
    seen_at      bigint,
    read_at      bigint,
    archived_at  bigint,
    primary key (workspace, id)
);

create unique index notification_unread on notification (workspace, member_id, dedupe_key) where read_at is null;
create index notification_by_member on notification (workspace, member_id, id);
create index notification_unread_subject on notification (workspace, subject_type, subject_id) where read_at is null;
