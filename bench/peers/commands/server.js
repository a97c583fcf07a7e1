// The Node peer of the commands benchmark: a thin service that asks and decides as Heliograph does. One transaction per
// request with the approval, its event, its notification, its audit entry and the answer to its Idempotency-Key; then
// the events go out over Socket.IO. Arguments: the folder of the database, and the API key that it is to take.
// Says "listening PORT", ends when its input ends.
import { createHash, randomUUID, timingSafeEqual } from "node:crypto";
import { join } from "node:path";
import { createInterface } from "node:readline";
import Database from "better-sqlite3";
import fastify from "fastify";
import { Server } from "socket.io";

const [folder, key] = process.argv.slice(2);
const sha256 = (text) => createHash("sha256").update(text).digest();

const db = new Database(join(folder, "peer.db"));
db.pragma("journal_mode = WAL");
db.pragma("synchronous = FULL");
db.exec(`
  create table api_key (hash blob not null primary key, workspace text not null, name text not null);
  create table approval (id text not null primary key, workspace text not null, agent_id text, title text not null,
    description text, risk text not null, action text not null, digest text not null, status text not null,
    created_at integer not null, expires_at integer not null, resolution text, version integer not null);
  create index approval_by_status on approval (workspace, status, id);
  create table event (workspace text not null, log_offset integer not null, type text not null, payload text not null,
    primary key (workspace, log_offset));
  create table notification (id text not null primary key, workspace text not null, member text not null,
    title text not null, subject text not null, created_at integer not null, read_at integer);
  create index notification_by_subject on notification (workspace, subject);
  create index notification_by_member on notification (workspace, member, id);
  create table audit (id text not null primary key, workspace text not null, at integer not null, actor text not null,
    action text not null, subject text not null, detail text not null);
  create table answer (workspace text not null, idempotency_key text not null, hash blob not null, status integer not null,
    body text not null, primary key (workspace, idempotency_key));
  create table counter (workspace text not null, name text not null, value integer not null,
    primary key (workspace, name));
`);
db.prepare("insert into api_key values (?, 'ws_1', 'bench')").run(sha256(key));

// Ids sort by the time at which they were made, as lists do.
const newId = (prefix) => `${prefix}_${Date.now().toString(16).padStart(12, "0")}${randomUUID()}`;

const findKey = db.prepare("select hash, workspace, name from api_key where hash = ?");
const findAnswer = db.prepare("select hash, status, body from answer where workspace = ? and idempotency_key = ?");
const insertAnswer = db.prepare("insert into answer values (?, ?, ?, ?, ?)");
const insertApproval = db.prepare(
  "insert into approval values (?, ?, ?, ?, ?, ?, ?, ?, 'pending', ?, ?, null, 1)",
);
const findApproval = db.prepare("select * from approval where workspace = ? and id = ?");
const decideApproval = db.prepare(
  "update approval set status = ?, resolution = ?, version = version + 1" +
    " where workspace = ? and id = ? and status = 'pending' and digest = ? and expires_at > ?",
);
const insertEvent = db.prepare("insert into event values (?, ?, ?, ?)");
const insertNotification = db.prepare("insert into notification values (?, ?, 'mem_1', ?, ?, ?, null)");
const readNotifications = db.prepare(
  "update notification set read_at = ? where workspace = ? and subject = ? and read_at is null returning id",
);
const insertAudit = db.prepare("insert into audit values (?, ?, ?, ?, ?, ?, ?)");
const pageOfApprovals = db.prepare(
  "select * from approval where workspace = ? and status = ? order by id desc limit ?",
);
const pageOfNotifications = db.prepare(
  "select * from notification where workspace = ? and member = 'mem_1' order by id desc limit ?",
);
const counted = db.prepare("select value from counter where workspace = ? and name = ?");
const count = db.prepare(
  "insert into counter values (?, ?, ?) on conflict (workspace, name) do update set value = value + excluded.value" +
    " returning value",
);

const app = fastify();
const io = new Server(app.server);
io.on("connection", (socket) => socket.join("ws_1"));

app.decorateRequest("caller", null);
app.addHook("preHandler", async (request, reply) => {
  const hash = sha256((request.headers.authorization ?? "").replace(/^Bearer /, ""));
  const found = findKey.get(hash);
  if (!found || !timingSafeEqual(found.hash, hash)) return reply.code(401).send({ code: "token_invalid" });
  request.caller = found;
});

const append = (events, workspace, type, data) => {
  const offset = count.get(workspace, "offset", 1).value;
  const event = { id: newId("evt"), type, offset, at: new Date().toISOString(), data };
  insertEvent.run(workspace, offset, type, JSON.stringify(event));
  events.push(event);
};

/** Runs a change once for its Idempotency-Key, in one transaction, and tells of it after the commit. */
const command = (request, reply, change) => {
  const { workspace } = request.caller;
  const idempotencyKey = request.headers["idempotency-key"];
  const hash = sha256(request.method + request.url + JSON.stringify(request.body));
  const events = [];
  const answer = db
    .transaction(() => {
      const first = idempotencyKey && findAnswer.get(workspace, idempotencyKey);
      if (first) return first.hash.equals(hash) ? first : { status: 409, body: '{"code":"idempotency_key_reused"}' };
      const { status, body } = change(workspace, events);
      const text = JSON.stringify(body);
      if (idempotencyKey && status < 300) insertAnswer.run(workspace, idempotencyKey, hash, status, text);
      return { status, body: text };
    })
    .immediate();
  for (const event of events) io.to(workspace).emit(event.type, event);
  return reply.code(answer.status).type("application/json").send(answer.body);
};

const text = (maxLength) => ({ type: "string", minLength: 1, maxLength });
const creation = {
  type: "object",
  required: ["title", "action"],
  additionalProperties: false,
  properties: {
    title: text(200),
    description: text(8000),
    risk: { enum: ["low", "medium", "high", "critical"] },
    agentId: text(64),
    expiresIn: { type: "integer", minimum: 10, maximum: 2592000 },
    action: {
      type: "object",
      required: ["name", "args"],
      additionalProperties: false,
      properties: { name: text(200), args: { type: "object" } },
    },
  },
};

app.post("/v1/approvals", { schema: { body: creation } }, (request, reply) =>
  command(request, reply, (workspace, events) => {
    const { title, description, risk = "medium", agentId, action, expiresIn = 3600 } = request.body;
    const now = Date.now();
    const digest = sha256(JSON.stringify(action)).toString("hex");
    const approval = {
      id: newId("apr"),
      title,
      description,
      risk,
      agentId,
      action: { ...action, digest },
      status: "pending",
      createdAt: now,
      expiresAt: now + expiresIn * 1000,
      version: 1,
    };
    insertApproval.run(
      approval.id, workspace, agentId, title, description, risk, JSON.stringify(action), digest, now, approval.expiresAt,
    );
    const pending = count.get(workspace, "pending", 1).value;
    append(events, workspace, "approval:created", { approval, pending });
    const notification = { id: newId("ntf"), title, subject: approval.id, createdAt: now };
    insertNotification.run(notification.id, workspace, title, approval.id, now);
    append(events, workspace, "notification:new", { notification, unread: count.get(workspace, "unread", 1).value });
    insertAudit.run(
      newId("aud"), workspace, now, request.caller.name, "approval.created", approval.id, JSON.stringify({ digest }),
    );
    return { status: 201, body: approval };
  }),
);

const decision = {
  type: "object",
  required: ["outcome", "digest"],
  additionalProperties: false,
  properties: { outcome: { enum: ["approved", "rejected"] }, digest: text(64), reason: text(2000) },
};

app.post("/v1/approvals/:id/decision", { schema: { body: decision } }, (request, reply) =>
  command(request, reply, (workspace, events) => {
    const { id } = request.params;
    const { outcome, digest, reason } = request.body;
    const now = Date.now();
    const resolution = { outcome, reason, by: request.caller.name, at: now };
    const found = findApproval.get(workspace, id);
    if (!found) return { status: 404, body: { code: "not_found" } };
    if (decideApproval.run(outcome, JSON.stringify(resolution), workspace, id, digest, now).changes === 0) {
      return { status: 409, body: { code: "already_decided" } };
    }
    const pending = count.get(workspace, "pending", -1).value;
    append(events, workspace, "approval:resolved", { id, status: outcome, resolution, pending });
    const read = readNotifications.all(now, workspace, id).map((row) => row.id);
    const unread = count.get(workspace, "unread", -read.length).value;
    append(events, workspace, "notification:read", { ids: read, unread });
    insertAudit.run(
      newId("aud"), workspace, now, request.caller.name, "approval.resolved", id, JSON.stringify({ resolution }),
    );
    return { status: 200, body: { ...found, action: JSON.parse(found.action), status: outcome, resolution } };
  }),
);

const page = { type: "object", properties: { status: { type: "string" }, limit: { type: "integer", minimum: 1, maximum: 200 } } };

app.get("/v1/approvals", { schema: { querystring: page } }, (request, reply) => {
  const { workspace } = request.caller;
  const rows = pageOfApprovals.all(workspace, request.query.status, request.query.limit);
  const data = rows.map((row) => ({ ...row, action: JSON.parse(row.action), resolution: JSON.parse(row.resolution) }));
  reply.send({ data, pending: counted.get(workspace, "pending").value });
});

app.get("/v1/notifications", { schema: { querystring: page } }, (request, reply) => {
  const { workspace } = request.caller;
  const data = pageOfNotifications.all(workspace, request.query.limit);
  reply.send({ data, unread: counted.get(workspace, "unread").value });
});

createInterface({ input: process.stdin }).on("close", () => process.exit(0));
await app.listen({ host: "127.0.0.1", port: 0, backlog: 4096 });
console.log(`listening ${app.server.address().port}`);
