package io.heliograph.examples.shop;

import io.heliograph.gateway.CommandRejectedException;
import io.heliograph.gateway.Principal;
import io.heliograph.spring.EventPublisher;
import io.heliograph.spring.SocketEvent;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** The orders of all tenants: each change of a row has its event, in the same transaction. Safe from any thread. */
@Service
class Orders {
    private static final int MAX_ARTICLE = 100;

    private final JdbcClient jdbc;
    private final EventPublisher events;

    Orders(JdbcClient jdbc, EventPublisher events) {
        this.jdbc = jdbc;
        this.events = events;
    }

    List<Order> of(String tenant) {
        return jdbc.sql("select id, article, state from orders where tenant = ?")
                .param(tenant)
                .query(Orders::order)
                .list();
    }

    /** @throws IllegalArgumentException when the article has not 1 to 100 characters; nothing is stored then */
    @Transactional
    Order place(String tenant, String article) {
        Order order = new Order(UUID.randomUUID().toString(), article, "placed");
        jdbc.sql("insert into orders (id, tenant, article, state) values (?, ?, ?, ?)")
                .params(order.id(), tenant, order.article(), order.state())
                .update();
        events.append(tenant, "order:placed", order);
        // After both, to show that they are rolled back together.
        if (article.isBlank() || article.length() > MAX_ARTICLE) {
            throw new IllegalArgumentException("article has not 1 to " + MAX_ARTICLE + " characters");
        }
        return order;
    }

    /** What a client asks for by {@code socket.emitWithAck("ship", {id})}. */
    record Ship(String id) {}

    @SocketEvent("ship")
    @Transactional
    Order ship(Principal principal, Ship request) {
        String tenant = principal.workspace().value();
        int changed = jdbc.sql("update orders set state = 'shipped' where tenant = ? and id = ? and state = 'placed'")
                .params(tenant, request.id())
                .update();
        if (changed == 0) {
            throw new CommandRejectedException("not_found", "There is no such order that is not shipped yet");
        }
        Order shipped = jdbc.sql("select id, article, state from orders where id = ?")
                .param(request.id())
                .query(Orders::order)
                .single();
        events.append(tenant, "order:shipped", shipped);
        return shipped;
    }

    private static Order order(ResultSet row, int number) throws SQLException {
        return new Order(row.getString("id"), row.getString("article"), row.getString("state"));
    }
}
