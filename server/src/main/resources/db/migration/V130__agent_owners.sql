-- Whom agents belong to. agent.key_id names the lineage: the first of the keys that replaced one another by rotation.
alter table api_key add column lineage varchar(64);  -- null: the key's own id
alter table api_key add column act_as text;          -- ids of agents separated by spaces, or *; null without agents:act-as

alter table agent add column owner_name varchar(200);
update agent set owner_name =
  (select name from api_key where api_key.workspace = agent.workspace and api_key.id = agent.key_id)
  where key_id is not null;

-- What proved who the actor was, when it is something else than the actor: the API key of an agent.
alter table audit_entry add column credential_type varchar(16);
alter table audit_entry add column credential_id   varchar(64);
alter table audit_entry add column credential_name varchar(200);
