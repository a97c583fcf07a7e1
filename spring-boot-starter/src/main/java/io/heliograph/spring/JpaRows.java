package io.heliograph.spring;

import jakarta.persistence.EntityManagerFactory;
import java.util.List;
import org.springframework.orm.jpa.EntityManagerHolder;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** The rows of JPA's entity managers. Safe from any thread. */
record JpaRows(List<EntityManagerFactory> factories) implements PendingRows {

    @Override
    public void flush() {
        for (EntityManagerFactory factory : factories) {
            if (TransactionSynchronizationManager.getResource(factory) instanceof EntityManagerHolder holder
                    && holder.isSynchronizedWithTransaction()) {
                holder.getEntityManager().flush();
            }
        }
    }
}
