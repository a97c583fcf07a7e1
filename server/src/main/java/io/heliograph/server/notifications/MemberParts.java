package io.heliograph.server.notifications;

import io.heliograph.server.events.MemberId;
import java.util.ArrayList;
import java.util.List;

/** Changes for many members run in one statement per {@value #MEMBERS_PER_STATEMENT} of them. */
final class MemberParts {
    static final int MEMBERS_PER_STATEMENT = 200;

    private MemberParts() {}

    /** Splits a list into parts for one statement each. */
    static List<List<MemberId>> of(List<MemberId> memberIds) {
        List<List<MemberId>> parts = new ArrayList<>();
        for (int from = 0; from < memberIds.size(); from += MEMBERS_PER_STATEMENT) {
            parts.add(memberIds.subList(from, Math.min(from + MEMBERS_PER_STATEMENT, memberIds.size())));
        }
        return parts;
    }
}
