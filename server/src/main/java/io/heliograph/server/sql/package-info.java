/** SQL inside the log's transactions and snapshots, by Spring's {@link io.heliograph.server.sql.Sql JdbcClient}. */
@NullMarked
package io.heliograph.server.sql;

import org.jspecify.annotations.NullMarked;
