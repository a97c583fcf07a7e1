package io.heliograph.spring;

/**
 * Appends events in the current Spring transaction: row and event are committed together, or neither is. After the
 * commit every connected client of the workspace gets the event, and a client that was away gets it when it is back.
 *
 * <pre>{@code
 * @Transactional
 * void ship(Order order) {
 *     orders.save(order);
 *     events.append(order.tenant(), "order:shipped", order);
 * }
 * }</pre>
 *
 * <p>The transaction must be one of JDBC or JPA on the data source that holds the log. Offsets are taken right before the
 * commit; an event in a nested transaction that is rolled back is not appended. Safe from any thread.
 */
public interface EventPublisher {

    /** As {@link #append(String, String, Object, Recipients)}, for everyone in the workspace. */
    default void append(String workspace, String type, Object data) {
        append(workspace, type, data, Recipients.everyone());
    }

    /**
     * Appends an event. {@code data} is serialised now, by the application's own mapper: later changes of the object do not
     * show.
     *
     * @param workspace the tenant, 1 to 64 characters of {@code A-Z a-z 0-9 _ -}
     * @param type {@code family:name} in lower case, such as {@code order:shipped}; clients listen to this name
     * @param data any value that the mapper makes JSON of, at most {@code heliograph.max-event-data} as UTF-8
     * @throws IllegalStateException when no transaction of the log's data source is active, when it is read-only or is
     *     being committed, or when it has {@code heliograph.max-events-per-transaction} events already
     * @throws IllegalArgumentException when the workspace, the type, or the size of the data is not as above
     */
    void append(String workspace, String type, Object data, Recipients recipients);
}
