-- Which notifications a member wants: 1 for those, 0 for the others. A member without a row has the defaults. Requests
-- of an approval cannot be turned off in the inbox, and have no column for it.
create table notification_preference (
  workspace                  varchar(64) not null,
  member_id                  varchar(64) not null,
  in_app_approval_expired    smallint    not null,
  in_app_agent_offline       smallint    not null,
  in_app_agent_error         smallint    not null,
  desktop_approval_requested smallint    not null,
  desktop_approval_expired   smallint    not null,
  desktop_agent_offline      smallint    not null,
  desktop_agent_error        smallint    not null,
  desktop_min_risk           varchar(16) not null,
  primary key (workspace, member_id)
);
