package io.heliograph.engineio;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;

/** Keeps what the server tells the layer above. */
final class Recorder implements SessionListener {

    final List<Session> sessions = new ArrayList<>();
    final List<String> events = new ArrayList<>();

    @Override
    public SessionHandler onOpen(Session session) {
        sessions.add(session);
        events.add("open");
        return new SessionHandler() {
            @Override
            public void onText(byte[] utf8) {
                events.add("text " + new String(utf8, UTF_8));
            }

            @Override
            public void onBinary(byte[] bytes) {
                events.add("binary " + bytes.length);
            }

            @Override
            public void onClose(CloseReason reason) {
                events.add("close " + reason.text());
            }
        };
    }

    EngineSession session() {
        return (EngineSession) sessions.getLast();
    }
}
