package io.heliograph.server.start;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.heliograph.server.fixtures.TestServer;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code token} and {@code key}, beside a running server and before there is any. */
@SuppressWarnings("NullAway.Init") // JUnit sets them
final class CommandLineIT {
    @TempDir
    Path folder;

    private final PrintStream standardOut = System.out;
    private final PrintStream standardErr = System.err;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void capture() {
        System.setOut(new PrintStream(out, true, UTF_8));
        System.setErr(new PrintStream(err, true, UTF_8));
    }

    @AfterEach
    void restore() {
        System.setOut(standardOut);
        System.setErr(standardErr);
    }

    @Test
    void tokensAndKeysWorkAtOnceOnTheServerThatRuns() {
        try (TestServer server = TestServer.start(folder)) {
            String token = run("token", "--workspace", "fresh", "--member", "grace", "--role", "admin", "--ttl", "1h");
            String key = run("key", "--workspace", "fresh", "--name", "robot", "--scopes", "read,agents:write");

            assertThat(server.as(token)
                            .get("/v1/whoami")
                            .json()
                            .at("/member/role")
                            .asString())
                    .isEqualTo("admin");
            assertThat(server.as(token)
                            .get("/v1/whoami")
                            .json()
                            .at("/workspace/slug")
                            .asString())
                    .isEqualTo("fresh");
            assertThat(server.as(key).get("/v1/whoami").json().at("/key/scopes").toString())
                    .isEqualTo("[\"agents:write\",\"read\"]");
        }
    }

    @Test
    void theyMakeNoFolderAndNoDatabase() {
        Path missing = folder.resolve("missing");
        String[] token = {"token", "--workspace", "early", "--member", "ada", "--role", "owner"};
        String[] key = {"key", "--workspace", "early", "--name", "robot"};

        assertThat(fails(token)).contains("there is no database in " + folder, "--data");
        assertThat(fails(key)).contains("there is no database in " + folder, "--data");
        assertThat(folder).isEmptyDirectory();
        folder = missing;
        assertThat(fails(token)).contains("there is no data folder " + missing, "--data");
        assertThat(fails(key)).contains("there is no data folder " + missing, "--data");
        assertThat(missing).doesNotExist();
    }

    @Test
    void aMemberThatIsThereIsNotMadeTwiceAndGetsTheRole() {
        TestServer.start(folder).close();
        String first = run("token", "--workspace", "w", "--member", "Ada", "--role", "owner");
        String second = run("token", "--workspace", "w", "--member", "ada", "--role", "viewer");

        try (TestServer server = TestServer.start(folder)) {
            assertThat(server.as(first).get("/v1/whoami").json().path("member"))
                    .isEqualTo(server.as(second).get("/v1/whoami").json().path("member"));
            assertThat(server.as(first)
                            .get("/v1/whoami")
                            .json()
                            .at("/member/role")
                            .asString())
                    .isEqualTo("viewer");
        }
    }

    @Test
    void aKeyActsAsOthersByNameOnly() {
        try (TestServer server = TestServer.start(folder)) {
            String plain = run("key", "--workspace", "w", "--name", "plain");
            String gateway = run(
                    "key",
                    "--workspace",
                    "w",
                    "--name",
                    "gateway",
                    "--scopes",
                    "agents:write,agents:act-as",
                    "--act-as",
                    "agt_1,agt_2");

            assertThat(server.as(plain)
                            .get("/v1/whoami")
                            .json()
                            .at("/key/scopes")
                            .toString())
                    .isEqualTo("[\"approvals:create\",\"agents:write\",\"messages:write\",\"read\"]");
            assertThat(server.as(gateway)
                            .get("/v1/whoami")
                            .json()
                            .at("/key/actAs")
                            .toString())
                    .isEqualTo("[\"agt_1\",\"agt_2\"]");
        }
    }

    @Test
    void whatIsWrongIsOneLineThatNamesWhatThereIs() {
        TestServer.start(folder).close();

        assertThat(fails("token", "--workspace", "w", "--member", "m", "--role", "king"))
                .contains("king", "owner, admin, operator, viewer");
        assertThat(fails("key", "--workspace", "w", "--name", "n", "--scopes", "fly"))
                .contains("fly", "approvals:create");
        assertThat(fails("key", "--workspace", "w", "--name", "n", "--act-as", "agt_1"))
                .contains("--act-as", "agents:act-as");
        assertThat(fails("key", "--workspace", "w", "--name", "n", "--scopes", "agents:act-as"))
                .contains("--act-as", "is required");
        assertThat(fails("key", "--workspace", "w", "--name", "n", "--scopes", "agents:act-as", "--act-as", "a.b"))
                .contains("--act-as", "agent's id");
        assertThat(fails("token", "--workspace", "w", "--member", "m", "--role", "owner", "--ttl", "1y"))
                .contains("1y", "1s to 30d");
        assertThat(fails("token", "--workspace", "No Good", "--member", "m", "--role", "owner"))
                .contains("No Good");
        assertThat(fails("token", "--workspace", "w")).contains("--member", "--role");
        assertThat(fails("serve", "--prot", "1")).contains("--prot");
        assertThat(fails("upp")).contains("upp");
    }

    private String run(String... args) {
        out.reset();
        int status = CommandLineInterface.run(withData(args));

        assertThat(err.toString(UTF_8)).isEmpty();
        assertThat(status).isZero();
        assertThat(out.toString(UTF_8).lines()).hasSize(1);
        return out.toString(UTF_8).strip();
    }

    private String fails(String... args) {
        err.reset();
        out.reset();
        int status = CommandLineInterface.run(withData(args));

        assertThat(status).isEqualTo(1);
        assertThat(out.toString(UTF_8)).isEmpty();
        assertThat(err.toString(UTF_8).lines()).hasSize(1);
        return err.toString(UTF_8).strip();
    }

    private String[] withData(String... args) {
        String[] all = Arrays.copyOf(args, args.length + 2);
        all[args.length] = "--data";
        all[args.length + 1] = folder.toString();
        return all;
    }
}
