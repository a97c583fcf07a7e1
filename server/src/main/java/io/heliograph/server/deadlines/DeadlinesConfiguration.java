package io.heliograph.server.deadlines;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class DeadlinesConfiguration {
    /** One thread each for approvals' deadlines, claims, agents' leases and lost hints, so that none delays another. */
    private static final int THREADS = 4;

    /** Runs deadline loops, whose work blocks on the database. Spring shuts it down after the loops that use it. */
    @Bean(destroyMethod = "shutdown")
    ScheduledExecutorService deadlineScheduler() {
        return Executors.newScheduledThreadPool(
                THREADS, Thread.ofPlatform().name("deadlines-", 0).daemon().factory());
    }
}
