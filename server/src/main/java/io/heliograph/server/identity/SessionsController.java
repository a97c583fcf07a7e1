package io.heliograph.server.identity;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.heliograph.eventlog.EventLog;
import io.heliograph.eventlog.Transaction;
import io.heliograph.server.errors.ErrorCode;
import io.heliograph.server.errors.ProblemException;
import io.heliograph.server.events.LinkMaker;
import io.heliograph.server.events.MemberId;
import io.heliograph.server.sql.Sql;
import io.heliograph.server.storage.PageRows;
import io.heliograph.server.web.Commands;
import io.heliograph.server.web.IdempotentRequest;
import io.heliograph.server.web.Listing;
import io.heliograph.server.web.Paging;
import io.heliograph.server.workspaces.Members;
import io.heliograph.server.workspaces.Role;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * The sessions of signed-in browsers. A member sees and ends its own; owners and admins see and end all of the
 * workspace, but only an owner ends an owner's.
 */
@RestController
final class SessionsController {
    private final EventLog log;
    private final Commands commands;
    private final SessionEnds ends;

    SessionsController(EventLog log, Commands commands, SessionEnds ends) {
        this.log = log;
        this.commands = commands;
        this.ends = ends;
    }

    record SessionMember(MemberId id, String name) {}

    /**
     * A valid session.
     *
     * @param signedInBy who made the link that opened it, as {@link LinkMakers} says; left out when empty
     * @param current whether it is the session of the caller's token
     */
    record OpenSession(
            String id,
            SessionMember member,
            Instant createdAt,
            Instant expiresAt,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<LinkMaker> signedInBy,
            boolean current) {
        OpenSession {
            signedInBy = List.copyOf(signedInBy);
        }
    }

    /** Newest first. Owners and admins get all of the workspace, or those of {@code memberId}; others get their own. */
    @GetMapping("/v1/sessions")
    ResponseEntity<Listing<OpenSession>> list(
            Verification.Verified verified,
            @RequestParam(required = false) @Nullable String memberId,
            @RequestParam(required = false) @Nullable String limit,
            @RequestParam(required = false) @Nullable String cursor) {
        Caller.Member caller = verified.caller().requireMember();
        boolean all = caller.role().mayAdminister();
        Optional<MemberId> member = Optional.ofNullable(memberId).map(MemberId::new);
        if (!all && !member.orElse(caller.memberId()).equals(caller.memberId())) {
            throw notOwner("see");
        }
        Optional<MemberId> of = all ? member : Optional.of(caller.memberId());
        Paging paging = Paging.of(
                limit,
                cursor,
                "sessions",
                caller.workspace().value(),
                of.map(MemberId::value).orElse(""));
        return log.read(caller.workspace(), snapshot -> {
            PageRows<Sessions.Listed> rows = Sessions.page(
                    Sql.in(snapshot), caller.workspace(), of, paging.after(), snapshot.now(), paging.limit());
            Listing<OpenSession> page = paging.page(rows, Sessions.Listed::id, snapshot.asOf())
                    .map(session -> new OpenSession(
                            session.id(),
                            new SessionMember(session.memberId(), session.memberName()),
                            session.createdAt(),
                            session.expiresAt(),
                            session.signedInBy(),
                            verified.sessionId().filter(session.id()::equals).isPresent()));
            return Paging.answer(page.asOf(), page);
        });
    }

    /** Ends a session and closes everything that its tokens opened. Has no effect on an ended session. */
    @DeleteMapping("/v1/sessions/{id}")
    ResponseEntity<byte[]> end(Caller.Member caller, IdempotentRequest request, @PathVariable String id) {
        return commands.run(request, transaction -> {
            ends.end(transaction, endable(caller, transaction, id), caller.actor(), "ended");
            return ResponseEntity.noContent().build();
        });
    }

    private static Sessions.Session endable(Caller.Member caller, Transaction transaction, String id) {
        Optional<Sessions.Session> session = Sessions.byId(Sql.in(transaction), caller.workspace(), id);
        Optional<MemberId> holder = session.map(Sessions.Session::memberId);
        if (!holder.equals(Optional.of(caller.memberId())) && !caller.role().mayAdminister()) {
            // The response does not reveal whether there is such a session.
            throw notOwner("end");
        }
        if (session.isEmpty()) {
            throw new ProblemException(ErrorCode.NOT_FOUND, "There is no session " + id + " in this workspace");
        }
        boolean owners = Members.find(
                        Sql.in(transaction), caller.workspace(), session.get().memberId())
                .filter(member -> member.role() == Role.OWNER)
                .isPresent();
        if (owners && caller.role() != Role.OWNER) {
            throw new ProblemException(ErrorCode.FORBIDDEN, "Only an owner can end an owner's session");
        }
        return session.get();
    }

    private static ProblemException notOwner(String verb) {
        return new ProblemException(
                ErrorCode.FORBIDDEN, "Only owners and admins " + verb + " the sessions of other members");
    }
}
