package io.heliograph.server.statistics;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import io.heliograph.eventlog.EventLog;
import io.heliograph.eventlog.Snapshot;
import io.heliograph.server.approvals.DecisionHistory;
import io.heliograph.server.errors.ErrorCode;
import io.heliograph.server.errors.ProblemException;
import io.heliograph.server.sql.Sql;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Computes statistics of decisions and keeps the answers for {@value #KEPT_SECONDS} s. Equal questions share a
 * computation. {@value #AT_ONCE} run at the same time and {@value #MAX_WAITING} wait, so that questions leave the
 * database to commands; further ones are refused. An answer is computed from at most {@value #MAX_ROWS} approvals that were
 * created and as many that ended.
 *
 * <p>Safe from any thread; never blocks.
 */
final class DecisionStatisticsCache implements AutoCloseable {
    static final int KEPT_SECONDS = 10;
    static final int MAX_ROWS = 100_000;
    private static final int AT_ONCE = 2;
    private static final int MAX_WAITING = 64;
    /** Buckets of all answers that are kept, some 100 bytes each. */
    private static final int MAX_BUCKETS = 50_000;

    private final EventLog log;
    private final int maxRows;
    private final AsyncCache<Question, DecisionStatistics> answers;
    private final ThreadPoolExecutor threads = new ThreadPoolExecutor(
            AT_ONCE,
            AT_ONCE,
            1,
            TimeUnit.MINUTES,
            new ArrayBlockingQueue<>(MAX_WAITING),
            Thread.ofVirtual().name("statistics-", 0).factory());

    DecisionStatisticsCache(EventLog log, Ticker ticker, int maxRows) {
        this.log = log;
        this.maxRows = maxRows;
        threads.allowCoreThreadTimeOut(true);
        answers = Caffeine.newBuilder()
                .expireAfterWrite(Duration.ofSeconds(KEPT_SECONDS))
                .maximumWeight(MAX_BUCKETS)
                .weigher((Question _, DecisionStatistics answer) ->
                        answer.buckets().size() + 1)
                .ticker(ticker)
                .executor(Runnable::run)
                .buildAsync();
    }

    /**
     * The answer to a question, which may be {@value #KEPT_SECONDS} s old.
     *
     * @param range of the question now
     * @throws ProblemException {@code overloaded}, when too many questions wait
     */
    CompletableFuture<DecisionStatistics> get(Question question, Question.Range range) {
        try {
            return answers.get(
                    question, (_, _) -> CompletableFuture.supplyAsync(() -> compute(question, range), threads));
        } catch (RejectedExecutionException full) {
            throw new ProblemException(
                    ErrorCode.OVERLOADED,
                    "Too many questions about statistics wait on this node; ask again in a second",
                    Map.of(ProblemException.RETRY_AFTER_SECONDS, 1));
        }
    }

    private DecisionStatistics compute(Question question, Question.Range range) {
        return log.read(question.workspace(), snapshot -> compute(snapshot, question, range));
    }

    private DecisionStatistics compute(Snapshot snapshot, Question question, Question.Range range) {
        JdbcClient jdbc = Sql.in(snapshot);
        return DecisionStatistics.of(
                range,
                question.bucket(),
                DecisionHistory.created(
                        jdbc, question.workspace(), question.agentId(), range.from(), range.to(), maxRows),
                DecisionHistory.ended(
                        jdbc, question.workspace(), question.agentId(), range.from(), range.to(), maxRows),
                snapshot.asOf().toString());
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
