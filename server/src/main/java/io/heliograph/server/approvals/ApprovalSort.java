package io.heliograph.server.approvals;

import io.heliograph.server.errors.InvalidFieldException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The order of a list of approvals. Rows that are equal in it are ordered by id. */
enum ApprovalSort {
    /** Newest first. */
    CREATED("-createdAt", "id desc"),
    /** The earliest deadline first; of pending approvals only. */
    DEADLINE("expiresAt", "expires_at, id"),
    /** The highest risk first, then the earliest deadline; of pending approvals only. */
    RISK(
            "-risk",
            "case risk when 'critical' then 0 when 'high' then 1 when 'medium' then 2 else 3 end, expires_at, id"),
    /** What was decided or expired last comes first; not of pending approvals. */
    RESOLVED("-resolvedAt", "resolved_at desc, id desc");

    private final String wireName;
    private final String orderBy;

    ApprovalSort(String wireName, String orderBy) {
        this.wireName = wireName;
        this.orderBy = orderBy;
    }

    /**
     * Where a page ends: what its last row is ordered by.
     *
     * @param risk its risk, of {@link #RISK}
     * @param millis its time, of all but {@link #CREATED}
     */
    record Position(Optional<Approval.Risk> risk, long millis, ApprovalId id) {}

    String orderBy() {
        return orderBy;
    }

    /** Whether it lists pending approvals only. */
    boolean isOfPending() {
        return this == DEADLINE || this == RISK;
    }

    /** @throws InvalidFieldException when the value of {@code sort} is none of the names */
    static ApprovalSort parse(@Nullable String value) {
        if (value == null) {
            return CREATED;
        }
        return Arrays.stream(values())
                .filter(sort -> sort.wireName.equals(value))
                .findFirst()
                .orElseThrow(() -> new InvalidFieldException(
                        "sort",
                        "must be one of "
                                + Arrays.stream(values())
                                        .map(sort -> sort.wireName)
                                        .collect(Collectors.joining(", "))));
    }

    /** The text form of the position of a row, for {@link #position}. */
    String position(Approval row) {
        return switch (this) {
            case CREATED -> row.id().value();
            case DEADLINE -> row.expiresAt().toEpochMilli() + ":" + row.id();
            case RISK -> row.risk().wireName() + ":" + row.expiresAt().toEpochMilli() + ":" + row.id();
            case RESOLVED -> row.resolvedAt().orElseThrow().toEpochMilli() + ":" + row.id();
        };
    }

    /** @throws IllegalArgumentException when the text is not from {@link #position(Approval)} */
    Position position(String text) {
        String[] parts = text.split(":", -1);
        int expected = switch (this) {
            case CREATED -> 1;
            case DEADLINE, RESOLVED -> 2;
            case RISK -> 3;
        };
        if (parts.length != expected) {
            throw new IllegalArgumentException("not a position of " + wireName);
        }
        return new Position(
                this == RISK ? Optional.of(Approval.Risk.valueOf(parts[0].toUpperCase(Locale.ROOT))) : Optional.empty(),
                this == CREATED ? 0 : Long.parseLong(parts[expected - 2]),
                new ApprovalId(parts[expected - 1]));
    }
}
