-- status is what the agent counts as now; reported is what it said last, while its lease holds and nothing blocks it.
create table agent (
    workspace      varchar(64)  not null,
    id                varchar(64)  not null,
    key_id            varchar(64),
    name              varchar(200) not null,
    kind              varchar(64),
    status            varchar(20)  not null,
    reported          varchar(20)  not null,
    stopped           smallint     not null,
    status_text       varchar(500),
    current_task      varchar(500),
    error             varchar(2000),
    lease_seconds     integer      not null,
    lease_expires_at  bigint       not null,
    last_seen_at      bigint       not null,
    pending_approvals integer      not null,
    last_message_seq  bigint       not null,
    metadata          text         not null,
    created_at        bigint       not null,
    version           bigint       not null,
    primary key (workspace, id)
);

create index agent_by_key on agent (workspace, key_id, created_at, id);
create index agent_by_status on agent (workspace, status);
create index agent_by_lease on agent (lease_expires_at) where status <> 'offline';

create table agent_message (
    workspace    varchar(64) not null,
    id              varchar(64) not null,
    agent_id        varchar(64) not null,
    seq             bigint      not null,
    role            varchar(16) not null,
    kind            varchar(16) not null,
    body            text        not null,
    state           varchar(16) not null,
    created_at      bigint      not null,
    primary key (workspace, id)
);

create unique index agent_message_by_seq on agent_message (workspace, agent_id, seq);
