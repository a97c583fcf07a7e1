package io.heliograph.server.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.heliograph.eventlog.Cursor;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * One page of a list, the response of every list endpoint.
 *
 * @param nextCursor of the next page, absent on the last
 * @param asOf the cursor of the log that the page corresponds to: later events are not reflected in the page
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record Listing<T>(List<T> data, Optional<String> nextCursor, String asOf) {

    public static <T> Listing<T> whole(List<T> data, Cursor asOf) {
        return new Listing<>(data, Optional.empty(), asOf.toString());
    }

    public <R> Listing<R> map(Function<T, R> row) {
        return new Listing<>(data.stream().map(row).toList(), nextCursor, asOf);
    }
}
