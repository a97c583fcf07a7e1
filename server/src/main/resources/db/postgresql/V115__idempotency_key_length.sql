-- As long as a key may be, and as in the table idempotency. SQLite does not hold a varchar to its length.
alter table approval alter column idempotency_key type varchar(255);
