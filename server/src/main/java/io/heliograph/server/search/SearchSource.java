package io.heliograph.server.search;

import io.heliograph.eventlog.Event;
import io.heliograph.eventlog.WorkspaceId;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Where the documents of the index come from. Implemented by the feature that owns them. Called by one thread. */
public interface SearchSource {
    /** The document that the event adds or changes; empty when it concerns no document. */
    Optional<String> changedBy(Event event);

    /** Those of the documents that there are now. */
    List<SearchDocument> find(JdbcClient jdbc, WorkspaceId workspace, List<String> ids);

    /** The newest documents whose ids are before {@code before}, the newest first. */
    List<SearchDocument> before(JdbcClient jdbc, WorkspaceId workspace, String before, int limit);
}
