create table audit_entry (
    workspace       varchar(64)  not null,
    id              varchar(64)  not null,
    at              bigint       not null,
    actor_type      varchar(16)  not null,
    actor_id        varchar(64),
    actor_name      varchar(200),
    action          varchar(64)  not null,
    subject_type    varchar(32)  not null,
    subject_id      varchar(64)  not null,
    subject_version bigint,
    detail          text         not null,
    primary key (workspace, id)
);

create index audit_entry_subject on audit_entry (workspace, subject_type, subject_id, id);
