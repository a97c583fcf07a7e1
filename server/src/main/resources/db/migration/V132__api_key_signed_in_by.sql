-- As session.signed_in_by, of the session in which the key was made: what a key asks is its maker's request, whoever that was.
alter table api_key add column signed_in_by text;
