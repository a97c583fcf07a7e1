package io.heliograph.server.storage;

import com.zaxxer.hikari.SQLExceptionOverride;
import java.sql.SQLException;

/**
 * Takes connections to a server that only reads out of the pool. After a failover the next connection then goes to the
 * new primary of a URL with several hosts.
 */
public final class ReadOnlyConnections implements SQLExceptionOverride {
    private static final String READ_ONLY_SQL_TRANSACTION = "25006";

    /** For HikariCP, which is given the class's name. */
    public ReadOnlyConnections() {}

    @java.lang.Override
    public Override adjudicate(SQLException failure) {
        return READ_ONLY_SQL_TRANSACTION.equals(failure.getSQLState()) ? Override.MUST_EVICT : Override.CONTINUE_EVICT;
    }
}
