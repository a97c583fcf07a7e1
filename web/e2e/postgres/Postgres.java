import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * One embedded PostgreSQL for a test that is not Java: {@code java -cp 'jars/*' Postgres.java FOLDER PORT}. Prints its JDBC URL when it
 * takes connections, and again after each line read from standard input: {@code restart} (as an operator does) or
 * {@code crash} (kill -9 of PostgreSQL, then its start). Ends with its standard input.
 */
final class Postgres {
    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        int port = Integer.parseInt(arguments[1]);
        EmbeddedPostgres postgres = start(folder, port);
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in));
        for (String command = commands.readLine(); command != null; command = commands.readLine()) {
            if (command.equals("crash")) {
                kill(folder);
            }
            postgres.close();
            postgres = start(folder, port);
        }
        postgres.close();
    }

    private static EmbeddedPostgres start(Path folder, int port) throws IOException {
        EmbeddedPostgres started = EmbeddedPostgres.builder()
                .setDataDirectory(folder)
                .setCleanDataDirectory(false)
                .setPort(port)
                .start();
        System.out.println(started.getJdbcUrl("postgres", "postgres"));
        return started;
    }

    private static void kill(Path folder) throws Exception {
        long pid = Long.parseLong(Files.readAllLines(folder.resolve("postmaster.pid")).get(0).trim());
        ProcessHandle server = ProcessHandle.of(pid).orElseThrow();
        server.destroyForcibly();
        server.onExit().get();
    }
}
