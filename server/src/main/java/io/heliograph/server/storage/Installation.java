package io.heliograph.server.storage;

import java.util.Optional;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Values that all nodes of one database share, by name. Safe from any thread. */
public final class Installation {
    private final JdbcClient jdbc;

    Installation(DataSource writer) {
        jdbc = JdbcClient.create(writer);
    }

    public Optional<String> get(String name) {
        return jdbc.sql("select value from installation where name = ?")
                .param(name)
                .query(String.class)
                .optional();
    }

    /** Stores {@code value} unless there is one, and returns what is stored then. */
    public String putIfAbsent(String name, String value) {
        jdbc.sql("insert into installation (name, value) values (?, ?) on conflict (name) do nothing")
                .params(name, value)
                .update();
        return get(name).orElseThrow();
    }

    public void put(String name, String value) {
        jdbc.sql("insert into installation (name, value) values (?, ?)"
                        + " on conflict (name) do update set value = excluded.value")
                .params(name, value)
                .update();
    }
}
