create table approval (
    workspace       varchar(64)  not null,
    id                 varchar(64)  not null,
    agent_id           varchar(64)  not null,
    external_id        varchar(200),
    requested_by       varchar(64)  not null,
    requested_by_owner varchar(64),
    idempotency_key    varchar(200),
    title              varchar(200) not null,
    description        text,
    reasoning          text,
    confidence         double precision,
    risk               varchar(16)  not null,
    tags               text         not null,
    action_name        varchar(200) not null,
    action_args        text         not null,
    action_preview     text,
    digest             varchar(64)  not null,
    allow_approve      smallint     not null,
    allow_edit         smallint     not null,
    allow_respond      smallint     not null,
    allow_reject       smallint     not null,
    args_schema        text,
    reject_options     text         not null,
    status             varchar(16)  not null,
    created_at         bigint       not null,
    expires_at         bigint       not null,
    resolved_at        bigint,
    resolution         text,
    claimed_by         text,
    claimed_until      bigint,
    metadata           text         not null,
    version            bigint       not null,
    primary key (workspace, id)
);

create unique index approval_by_external_id on approval (workspace, agent_id, external_id);
create unique index approval_by_idempotency_key on approval (workspace, requested_by, idempotency_key);
create index approval_by_status on approval (workspace, status, id);
create index approval_by_agent on approval (workspace, agent_id, id);
create index approval_pending_risk on approval (workspace, risk) where status = 'pending';
create index approval_pending_agent on approval (workspace, agent_id) where status = 'pending';
create index approval_deadline on approval (expires_at) where status = 'pending';
create index approval_claim_lease on approval (claimed_until) where claimed_until is not null;
