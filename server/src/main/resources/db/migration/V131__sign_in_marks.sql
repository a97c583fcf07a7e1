-- Who made the link that opened a session, for whoever acts in it: a JSON list of {id, name}, the first maker first. Null:
-- made by the server itself, its command line, or by the member for itself.
alter table sign_in_code add column made_by text;
alter table session add column signed_in_by text;
alter table approval add column requested_signed_in_by text;
alter table audit_entry add column actor_signed_in_by text;
create index session_by_member on session (workspace, member, id);
